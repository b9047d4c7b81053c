from datetime import timedelta
from math import inf

from odoo import models
from odoo.tools import float_round

DUE_WITHIN = timedelta(days=28)
SHOWN = ("kind", "pending", "free", "arrival", "offered_id", "last", "months")


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
            row = {name: candidate[name] for name in SHOWN} | price
            row |= {
                "id": product.id,
                "name": candidate["name"],
                "code": product.default_code or "",
                "due": self._prm_is_due(candidate, at_hand),
                "unit": product.product_tmpl_id.uom_id.name if show_unit else "",
                "quantity": quantity,
                "reasons": self._prm_render_reasons(
                    candidate["reasons"], candidate["names"], candidate["days_since"]
                ),
            }
            rows.append(row)
        return rows

    def _prm_is_due(self, candidate, at_hand):
        """Usual products whose day has come or is near; without rhythm none is."""
        due_date = candidate["due_date"]
        return bool(
            candidate["kind"] == "due"
            and due_date
            and due_date <= at_hand.today + DUE_WITHIN
        )

    # Quantity and price

    def _prm_get_rules(self, products, at_hand):
        """Core's rules for these products, found and read in one statement."""
        pricelist = at_hand.pricelist.with_company(self.company_id)
        rules = pricelist.env["product.pricelist.item"]
        if not pricelist:
            return rules
        return rules.search_fetch(
            pricelist._get_applicable_rules_domain(products, at_hand.date)
        )

    def _prm_round_quantities(self, products, candidates, rules):
        """Up to the price list's minimum, then to whole sales packs."""
        rules = rules.sorted("min_quantity")
        quantities = []
        for product, candidate in zip(products, candidates, strict=True):
            applicable = (r for r in rules if r._is_applicable_for(product, inf))
            least = next(applicable, rules.browse()).min_quantity
            quantity = max(candidate["quantity"], least)
            quantities.append(self._prm_round_to_pack(product, quantity))
        return quantities

    def _prm_round_to_pack(self, product_sudo, quantity):
        template = product_sudo.product_tmpl_id
        pack = template.prm_sales_pack or template.uom_id.rounding or 1.0
        return float_round(quantity, precision_rounding=pack, rounding_method="UP")

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
        adapt = self._prm_get_price_adapter(products, at_hand)
        prices = []
        for product, (_id, quantity) in zip(products, quantities, strict=True):
            rule = rules.browse(
                next(
                    (r.id for r in rules if r._is_applicable_for(product, quantity)), []
                )
            )
            prices.append(self._prm_get_price(product, quantity, rule, at_hand, adapt))
        return prices

    def _prm_get_price_adapter(self, products, at_hand):
        """What the fiscal position does to a price that includes taxes, as in core.

        Products share a few sets of taxes: each set is mapped once.

        :return: function of a product and its price
        """
        if not at_hand.fiscal_position:
            return lambda _product, price: price
        products.product_tmpl_id.fetch(["taxes_id"])
        mapped = {}

        def adapt(product, price):
            taxes = product.product_tmpl_id.taxes_id
            if taxes not in mapped:
                before = taxes._filter_taxes_by_company(self.company_id)
                after = at_hand.fiscal_position.map_tax(before) if before else before
                mapped[taxes] = before, after
            before, after = mapped[taxes]
            if before == after:
                return price
            return product._get_tax_included_unit_price_from_price(
                price, before, product_taxes_after_fp=after
            )

        return adapt

    def _prm_get_price(self, product, quantity, rule, at_hand, adapt):
        arguments = {
            "quantity": quantity or 1.0,
            "uom": product.product_tmpl_id.uom_id,
            "date": at_hand.date,
            "currency": at_hand.currency,
        }
        price = adapt(product, rule._compute_price(product, **arguments))
        before = price
        if rule._show_discount():
            before = rule._compute_price_before_discount(product, **arguments)
            before = adapt(product, before)
        shown = before > price
        return {
            "price": price,
            "price_before": before if shown else price,
            "discount": round(100 * (before - price) / before, 2) if shown else 0.0,
        }
