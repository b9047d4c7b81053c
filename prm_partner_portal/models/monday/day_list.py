from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

ENTRIES = 10
NAMED = 3
# A month of the usual turnover stands at risk where somebody is red.
AT_RISK_SHARE = 1 / 12


class PrmWeeklyDayList(models.AbstractModel):
    """Whom a salesperson should call, where nothing better says it."""

    _name = "prm.weekly.day.list"
    _description = "Resellers to Call"

    @api.model
    def _prm_get_day_entries(self, user, company):
        """Resellers to contact, most money at stake first. Hook.

        At stake is what is due within a week, at its list price, and of who is at
        risk a month of its usual turnover.

        :param res.users user: the salesperson
        :param res.company company:
        :return: list of dicts: relationship (record), text
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH due AS (
                    SELECT r.id, count(*) AS count,
                           sum(e.probability * e.quantity * t.list_price) AS stake,
                           (array_agg(e.product_id ORDER BY e.rank, e.product_id)
                           )[:%(named)s] AS products
                      FROM prm_relationship r
                      JOIN prm_recommendation e ON e.relationship_id = r.id
                      JOIN product_product p ON p.id = e.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE r.user_id = %(user)s AND r.company_id = %(company)s
                       AND e.kind = 'due' AND e.due_date <= %(until)s
                     GROUP BY r.id
                )
                SELECT r.id, h.color, due.count, due.products,
                       COALESCE(due.stake, 0)
                       + CASE WHEN h.color = 'red'
                              THEN h.turnover_year * %(share)s ELSE 0 END AS stake
                  FROM prm_relationship r
                  LEFT JOIN prm_relationship_health h ON h.id = r.health_id
                  LEFT JOIN due ON due.id = r.id
                 WHERE r.user_id = %(user)s AND r.company_id = %(company)s
                   AND r.active AND r.state = 'active'
                   AND (due.count > 0 OR h.color = 'red')
                 ORDER BY stake DESC, r.id
                 LIMIT %(limit)s
                """,
                user=user.id,
                company=company.id,
                until=company._prm_get_today() + timedelta(days=7),
                named=NAMED,
                share=AT_RISK_SHARE,
                limit=ENTRIES,
            )
        )
        named = {one for row in rows for one in row["products"] or ()}
        # sudo - product.product: names of what the company sells
        products = self.env["product.product"].sudo().with_context(active_test=False)
        names = products.browse(named)._prm_get_names() if named else {}
        relationships = self.env["prm.relationship"]
        relationships = relationships.browse(row["id"] for row in rows)
        return [
            {
                "relationship": relationship,
                "text": self._say_day_entry(relationship, row, names),
            }
            for relationship, row in zip(relationships, rows, strict=True)
        ]

    def _say_day_entry(self, relationship, row, names):
        parts = []
        if row["color"] == "red":
            parts.append(relationship.health_text)
        if row["count"]:
            listed = ", ".join(names[one] for one in row["products"])
            rest = row["count"] - len(row["products"])
            if rest > 0:
                parts.append(
                    self.env._(
                        "Due: %(products)s and %(count)s more.",
                        products=listed,
                        count=rest,
                    )
                )
            else:
                parts.append(self.env._("Due: %(products)s.", products=listed))
        return " ".join(parts)
