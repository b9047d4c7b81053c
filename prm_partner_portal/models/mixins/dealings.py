from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.tools import SQL

MONTHS = 12


class PrmDealingsMixin(models.AbstractModel):
    """What a reseller bought of products, and what is on its way."""

    _name = "prm.dealings.mixin"
    _description = "Dealings with a Reseller"

    def _prm_get_dealings(self, product_ids, at_hand):
        """Last purchase, quantities of the last months and what is pending.

        Pending are lines of open quotations (Odoo's own idea of an expired one is
        taken) and ordered goods that are still to be moved, but those of the order
        at hand.

        :param list product_ids:
        :param OrderAtHand at_hand:
        :return: by product id a dict: pending (own units), last (date, quantity,
            price, currency_id; None where never bought), months (own units, oldest
            first), days_since
        """
        first = at_hand.today.replace(day=1) - relativedelta(months=MONTHS - 1)
        months = [
            f"{first + relativedelta(months=month):%Y-%m}" for month in range(MONTHS)
        ]
        since = first - relativedelta(days=1)
        rows = self._prm_query_dealings(product_ids, at_hand, since)
        found = {row["product_id"]: row for row in rows}
        products = self.env["product.product"].sudo()
        dealings = {}
        for product in products.browse(product_ids):
            row = found.get(product.id, {})
            factor = product.product_tmpl_id.uom_id.factor
            day, sold = row.get("day"), row.get("months") or {}
            dealings[product.id] = {
                "pending": (row.get("pending") or 0.0) / factor,
                "last": day
                and {
                    "date": fields.Date.to_string(day),
                    "quantity": row["quantity"] / factor,
                    "price": row["price"] * factor,
                    "currency_id": row["currency_id"],
                },
                "months": [sold.get(month, 0.0) / factor for month in months],
                "days_since": (at_hand.today - day).days if day else None,
            }
        return dealings

    def _prm_query_dealings(self, product_ids, at_hand, since):
        """:return: what _prm_get_dealings needs, per reference unit of the product"""
        return self.env.execute_query_dict(
            SQL(
                """
                WITH line AS MATERIALIZED (
                    SELECT l.product_id, l.id, o.currency_id, o.date_order, o.state,
                           o.date_order AT TIME ZONE 'UTC'
                               AT TIME ZONE %(zone)s AS local_date,
                           l.product_uom_qty * u.factor AS quantity,
                           l.price_unit * (1 - COALESCE(l.discount, 0) / 100)
                               / u.factor AS price,
                           CASE
                           WHEN o.id = %(order)s THEN 0
                           WHEN o.state <> 'sale' THEN l.product_uom_qty * u.factor
                           WHEN o.delivery_status IN ('pending', 'started', 'partial')
                            AND l.product_uom_qty > l.qty_delivered
                            AND EXISTS (
                                SELECT FROM stock_move m
                                 WHERE m.sale_line_id = l.id
                                   AND m.state NOT IN ('done', 'cancel'))
                           THEN (l.product_uom_qty - l.qty_delivered) * u.factor
                            END AS pending
                      FROM sale_order o
                      JOIN sale_order_line l ON l.order_id = o.id
                      JOIN uom_uom u ON u.id = l.product_uom_id
                     WHERE o.prm_relationship_id = %(relationship)s
                       AND (o.state = 'sale'
                         OR (o.state IN ('draft', 'sent')
                             AND (o.validity_date IS NULL
                                  OR o.validity_date >= %(today)s)))
                       AND l.product_id = ANY(%(products)s)
                       AND l.display_type IS NULL
                ), bought AS (
                    SELECT * FROM line WHERE state = 'sale' AND quantity > 0
                ), latest AS (
                    SELECT DISTINCT ON (product_id) *
                      FROM bought ORDER BY product_id, date_order DESC, id DESC
                ), month AS (
                    SELECT product_id, json_object_agg(month, quantity) AS months
                      FROM (SELECT product_id, to_char(local_date, 'YYYY-MM') AS month,
                                   SUM(quantity) AS quantity
                              FROM bought
                             WHERE date_order >= %(since)s
                             GROUP BY 1, 2) monthly
                     GROUP BY product_id
                ), underway AS (
                    SELECT product_id, SUM(pending) AS pending
                      FROM line GROUP BY product_id
                )
                SELECT underway.product_id, underway.pending, latest.currency_id,
                       latest.quantity, latest.price, latest.local_date::date AS day,
                       month.months
                  FROM underway
                  LEFT JOIN latest USING (product_id)
                  LEFT JOIN month USING (product_id)
                """,
                zone=at_hand.zone,
                relationship=self.id,
                order=at_hand.order.id or 0,
                today=at_hand.today,
                products=product_ids,
                since=since,
            )
        )
