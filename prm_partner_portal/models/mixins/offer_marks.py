from dataclasses import dataclass

from odoo import fields, models
from odoo.tools import SQL

from ..const import CONTROL_PERIOD_DAYS

# What goes with the order is looked up so that enough is left of it: of the strongest
# what may be sold, and of that what is in stock, not on its way and not resting.
MOST_CHECKED, MOST_FOUND = 100, 10
# Below this it is not said that products go together.
LEAST_LIFT = 1.5


@dataclass(frozen=True)
class Marks:
    """Why products stand out for the order at hand, by product id."""

    products: SQL  # ids of what may be sold to the reseller
    together: dict  # what goes with a line of the order
    focus: dict  # what a manager wants pushed


class PrmOfferMarksMixin(models.AbstractModel):
    """What goes with the order at hand, and what is in focus, in the list or not."""

    _name = "prm.offer.marks.mixin"
    _description = "Offers that Stand Out"

    def _prm_get_marks(self, at_hand):
        """:rtype: Marks"""
        products = self._prm_get_sold_products(at_hand)
        return Marks(
            products,
            self._prm_get_together(at_hand, products),
            self._prm_get_focus(at_hand, products),
        )

    def _prm_get_sold_products(self, at_hand):
        """:return: SQL of the ids of what may be sold to the reseller"""
        products = self.env["product.product"].sudo().with_company(self.company_id)
        domain = self._prm_get_product_domain(at_hand.today)
        return products._search(domain).subselect()

    def _prm_get_together(self, at_hand, products):
        """What goes with the lines of the order, each with the line that says most.

        :param SQL products: what may be sold
        :return: by product id a dict: line_id (product of the order), score, listed,
            quantity (usual with other resellers, of what is not listed)
        """
        if not at_hand.product_ids:
            return {}
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH best AS MATERIALIZED (
                    SELECT DISTINCT ON (complement_id) complement_id AS product_id,
                           product_id AS line_id, score
                      FROM prm_product_complement
                     WHERE company_id = %(company)s
                       AND product_id = ANY(%(present)s)
                       AND complement_id <> ALL(%(present)s)
                       AND lift >= %(lift)s
                     ORDER BY complement_id, score DESC, product_id
                ), listed AS MATERIALIZED (
                    SELECT product_id FROM prm_recommendation
                     WHERE relationship_id = %(relationship)s
                ), strongest AS MATERIALIZED (
                    SELECT * FROM best
                     WHERE product_id NOT IN (SELECT product_id FROM listed)
                     ORDER BY score DESC, product_id
                     LIMIT %(checked)s
                ), more AS (
                    SELECT * FROM strongest
                     WHERE product_id IN %(products)s
                       AND NOT %(withheld)s
                     ORDER BY score DESC, product_id
                     LIMIT %(most)s
                )
                SELECT best.*, TRUE AS listed, NULL::float8 AS quantity
                  FROM best JOIN listed USING (product_id)
                 UNION ALL
                SELECT more.*, FALSE, %(quantity)s FROM more
                """,
                company=self.company_id.id,
                present=list(at_hand.product_ids),
                lift=LEAST_LIFT,
                relationship=self.id,
                products=products,
                withheld=self._prm_sql_withheld(SQL("strongest.product_id"), at_hand),
                checked=MOST_CHECKED,
                most=MOST_FOUND,
                quantity=self._prm_sql_usual_quantity(SQL("more.product_id")),
            )
        )
        return {row.pop("product_id"): row for row in rows}

    def _prm_get_focus(self, at_hand, products):
        """What running focuses want pushed to this reseller, the strongest of each.

        :param SQL products: what may be sold
        :return: by product id a dict: name, factor, listed, quantity
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH pushed AS MATERIALIZED (
                    SELECT DISTINCT ON (product_id) *
                      FROM (%(pushed)s) every
                     WHERE product_id <> ALL(%(present)s)
                     ORDER BY product_id, factor DESC, focus_id
                ), sold AS MATERIALIZED (
                    SELECT product_id FROM pushed WHERE product_id IN %(products)s
                )
                SELECT pushed.product_id, pushed.name, pushed.factor,
                       x.id IS NOT NULL AS listed,
                       CASE WHEN x.id IS NULL THEN %(quantity)s END AS quantity
                  FROM pushed
                  JOIN sold USING (product_id)
                  LEFT JOIN prm_recommendation x
                    ON x.relationship_id = pushed.relationship_id
                   AND x.product_id = pushed.product_id
                 WHERE x.id IS NOT NULL OR NOT %(withheld)s
                """,
                quantity=self._prm_sql_usual_quantity(SQL("pushed.product_id")),
                pushed=self.env["prm.focus"]._get_pushed_query(self, at_hand.today),
                present=list(at_hand.product_ids),
                products=products,
                withheld=self._prm_sql_withheld(SQL("pushed.product_id"), at_hand),
            )
        )
        return {row.pop("product_id"): row for row in rows}

    def _prm_sql_withheld(self, product, at_hand):
        """What the control experiment withholds now is not offered by another door."""
        return SQL(
            """
            EXISTS (
                SELECT FROM prm_recommendation_control c
                 WHERE c.relationship_id = %s
                   AND c.product_id = %s
                   AND c.arm = 'withheld'
                   AND c.period_start > %s::date - %s)
            """,
            self.id,
            product,
            at_hand.today,
            CONTROL_PERIOD_DAYS,
        )

    def _prm_sql_usual_quantity(self, product):
        """:return: the middle of what is recommended to other resellers"""
        return SQL(
            """
            (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY q.quantity)
               FROM prm_recommendation q
              WHERE q.product_id = %s AND q.company_id = %s)
            """,
            product,
            self.company_id.id,
        )

    # In the list

    def _prm_mark(self, rows, marks):
        """Say why a candidate stands out, and add those that are not in the list."""
        for extra, found in (("together", marks.together), ("focus", marks.focus)):
            known = {row["product_id"] for row in rows}
            rows += [
                {
                    "product_id": product_id,
                    "kind": False,  # known when it was looked up what was bought
                    "rank": 0,
                    "probability": 0.0,
                    "quantity": mark["quantity"] or 1.0,
                    "due_date": None,
                    "reasons": [],
                    "extra": extra,
                }
                for product_id, mark in found.items()
                if not mark["listed"] and product_id not in known
            ]
        for row in rows:
            mark = marks.together.get(row["product_id"])
            if mark:
                params = {"product": mark["line_id"]}
                reason = {"code": "goes_with", "params": params}
                row["reasons"] = [reason, *(row["reasons"] or ())]

    def _prm_complete_extra(self, row):
        """What was not in the list is as much as was bought last, where it was."""
        if row.get("extra"):
            row["kind"] = "due" if row["last"] else "new"
            if row["last"]:
                row["quantity"] = row["last"]["quantity"]

    def _prm_record_extras(self, product_ids, at_hand, source):
        """Note that products were shown that are not in the list, where they stand
        out for this order: what was shown may be offered, added and dismissed.

        :param str source: a key of SOURCES
        :return: how many were new today
        """
        marks = self._prm_get_marks(at_hand)
        found = {**marks.focus, **marks.together}
        extras = [
            one for one in product_ids if one in found and not found[one]["listed"]
        ]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO prm_recommendation_event
                       (relationship_id, company_id, product_id, user_id, type, date,
                        source, kind, create_uid, create_date, write_uid, write_date)
                SELECT %(relationship)s, %(company)s, extra.id, %(user)s, 'shown',
                       %(today)s, %(source)s,
                       CASE WHEN EXISTS (
                           SELECT FROM sale_order_line l
                             JOIN sale_order o ON o.id = l.order_id
                            WHERE o.prm_relationship_id = %(relationship)s
                              AND o.state = 'sale'
                              AND l.product_id = extra.id
                              AND l.product_uom_qty > 0)
                       THEN 'due' ELSE 'new' END,
                       %(user)s, %(now)s, %(user)s, %(now)s
                  FROM unnest(%(extras)s::int[]) extra (id)
                 ORDER BY extra.id
                    ON CONFLICT (relationship_id, product_id, user_id, date)
                 WHERE type = 'shown' DO NOTHING
                """,
                relationship=self.id,
                company=self.company_id.id,
                user=self.env.uid,
                today=at_hand.today,
                source=source,
                now=fields.Datetime.now(),
                extras=sorted(set(extras)),
            )
        )
        return self.env.cr.rowcount
