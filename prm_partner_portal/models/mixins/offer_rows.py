from math import inf

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL, float_round

MONTHS = 12
NO_HISTORY = {"last": None, "months": [0.0] * MONTHS, "days_since": None}
SHOWN = ("kind", "pending", "free", "arrival", "offered_id")


class PrmOfferRowsMixin(models.AbstractModel):
    """What is shown of each offer: why, last bought, quantity, price, stock."""

    _name = "prm.offer.rows.mixin"
    _description = "Offers as they are Shown"

    def _prm_get_rows(self, candidates, at_hand):
        """:return: candidates as dicts that a client can show, in the same order"""
        products = (
            self.env["product.product"]
            .sudo()
            .with_company(self.company_id)
            .browse(one["product_id"] for one in candidates)
        )
        history = self._prm_get_history(products)
        rules = self._prm_get_rules(products, at_hand)
        quantities = self._prm_round_quantities(products, candidates, rules)
        prices = self._prm_get_prices(
            list(zip(products.ids, quantities, strict=True)), at_hand, rules
        )
        show_unit = self.env.user.has_group("uom.group_uom")
        rows = []
        for product, candidate, quantity, price in zip(
            products, candidates, quantities, prices, strict=True
        ):
            past = history.get(product.id) or NO_HISTORY
            row = {name: candidate[name] for name in SHOWN}
            row |= {name: past[name] for name in ("last", "months")} | price
            row |= {
                "id": product.id,
                "name": candidate["name"],
                "code": product.default_code or "",
                "unit": product.product_tmpl_id.uom_id.name if show_unit else "",
                "quantity": quantity,
                "reasons": self._prm_render_reasons(
                    candidate["reasons"], candidate["names"], past["days_since"]
                ),
            }
            rows.append(row)
        return rows

    # History

    def _prm_get_history(self, products):
        """Last purchase and quantities of the last months, in own units.

        :return: by product id a dict: last (date, quantity, price, currency_id),
            months (oldest first), days_since
        """
        today = self._prm_get_today()
        first = today.replace(day=1) - relativedelta(months=MONTHS - 1)
        months = [
            f"{first + relativedelta(months=month):%Y-%m}" for month in range(MONTHS)
        ]
        history = {}
        for row in self._prm_query_history(products, first - relativedelta(days=1)):
            unit = products.browse(row["product_id"]).product_tmpl_id.uom_id
            sold = row["months"] or {}
            history[row["product_id"]] = {
                "last": {
                    "date": fields.Date.to_string(row["day"]),
                    "quantity": row["quantity"] / unit.factor,
                    "price": row["price"] * unit.factor,
                    "currency_id": row["currency_id"],
                },
                "months": [sold.get(month, 0.0) / unit.factor for month in months],
                "days_since": (today - row["day"]).days,
            }
        return history

    def _prm_query_history(self, products, since):
        """:return: what _prm_get_history needs, per reference unit of the product"""
        return self.env.execute_query_dict(
            SQL(
                """
                WITH line AS MATERIALIZED (
                    SELECT l.product_id, l.id, o.currency_id, o.date_order,
                           o.date_order AT TIME ZONE 'UTC'
                               AT TIME ZONE %(zone)s AS local_date,
                           l.product_uom_qty * u.factor AS quantity,
                           l.price_unit * (1 - COALESCE(l.discount, 0) / 100)
                               / u.factor AS price
                      FROM sale_order o
                      JOIN sale_order_line l ON l.order_id = o.id
                      JOIN uom_uom u ON u.id = l.product_uom_id
                     WHERE o.prm_relationship_id = %(relationship)s
                       AND o.state = 'sale'
                       AND l.product_id = ANY(%(products)s)
                       AND l.display_type IS NULL
                       AND l.product_uom_qty > 0
                ), latest AS (
                    SELECT DISTINCT ON (product_id) *
                      FROM line ORDER BY product_id, date_order DESC, id DESC
                ), month AS MATERIALIZED (
                    SELECT product_id, to_char(local_date, 'YYYY-MM') AS month,
                           SUM(quantity) AS quantity
                      FROM line
                     WHERE date_order >= %(since)s
                     GROUP BY 1, 2
                )
                SELECT latest.product_id, latest.currency_id, latest.quantity,
                       latest.price, latest.local_date::date AS day,
                       (SELECT json_object_agg(month, month.quantity)
                          FROM month
                         WHERE month.product_id = latest.product_id) AS months
                  FROM latest
                """,
                zone=self.company_id._prm_get_timezone(),
                relationship=self.id,
                products=products.ids,
                since=since,
            )
        )

    # Quantity and price

    def _prm_get_rules(self, products, at_hand):
        pricelist = at_hand.pricelist.with_company(self.company_id)
        return pricelist._get_applicable_rules(products, at_hand.date)

    def _prm_round_quantities(self, products, candidates, rules):
        """Up to the price list's minimum, then to whole sales packs."""
        rules = rules.sorted("min_quantity")
        quantities = []
        for product, candidate in zip(products, candidates, strict=True):
            template = product.product_tmpl_id
            applicable = (r for r in rules if r._is_applicable_for(product, inf))
            least = next(applicable, rules.browse()).min_quantity
            quantity = max(candidate["quantity"], least)
            pack = template.prm_sales_pack or template.uom_id.rounding or 1.0
            quantities.append(
                float_round(quantity, precision_rounding=pack, rounding_method="UP")
            )
        return quantities

    def _prm_get_prices(self, quantities, at_hand, rules=None):
        """The price of each product as the order's line would have it.

        Core's batch takes one quantity for all products, so its three steps are done
        here: the rules in one query, then rule and price of each product.

        :param list quantities: pairs (product id, quantity in the product's unit)
        :param OrderAtHand at_hand:
        :param product.pricelist.item rules: those of these products, where known
        :return: list of dicts: price, price_before and discount (where core shows the
            discount on the line), in the order's currency
        """
        products = (
            self.env["product.product"]
            .sudo()
            .with_company(self.company_id)
            .browse(product_id for product_id, _quantity in quantities)
        )
        if rules is None:
            rules = self._prm_get_rules(products, at_hand)
        prices = []
        for product, (_id, quantity) in zip(products, quantities, strict=True):
            rule = rules.browse(
                next(
                    (r.id for r in rules if r._is_applicable_for(product, quantity)), []
                )
            )
            prices.append(self._prm_get_price(product, quantity, rule, at_hand))
        return prices

    def _prm_get_price(self, product, quantity, rule, at_hand):
        arguments = {
            "quantity": quantity or 1.0,
            "uom": product.uom_id,
            "date": at_hand.date,
            "currency": at_hand.currency,
        }
        price = before = rule._compute_price(product, **arguments)
        if rule._show_discount():
            before = rule._compute_price_before_discount(product, **arguments)
        if at_hand.fiscal_position:
            taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
            adapted = {
                amount: product._get_tax_included_unit_price_from_price(
                    amount, taxes, fiscal_position=at_hand.fiscal_position
                )
                for amount in {price, before}
            }
            price, before = adapted[price], adapted[before]
        shown = before > price
        return {
            "price": price,
            "price_before": before if shown else price,
            "discount": round(100 * (before - price) / before, 2) if shown else 0.0,
        }
