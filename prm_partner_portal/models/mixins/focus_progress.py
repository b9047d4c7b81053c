from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

OFFERED = ("shown", "offered", "added")


class PrmFocusProgressMixin(models.AbstractModel):
    """How far a focus is: in three statements, however many are asked for."""

    _name = "prm.focus.progress.mixin"
    _description = "Progress of a Focus"

    @api.depends("line_ids.target", "line_ids.product_id", "date_from", "date_to")
    @api.depends("grade_ids", "territory_ids", "company_id")
    def _compute_progress(self):
        progress = self._get_progress()
        for focus in self:
            lines = focus.line_ids
            found = [progress.get(line._origin.id, {}) for line in lines]
            focus.target = sum(lines.mapped("target"))
            focus.ordered = sum(one.get("ordered", 0.0) for one in found)
            focus.left = sum(
                max(line.target - one.get("ordered", 0.0), 0.0)
                for line, one in zip(lines, found, strict=True)
            )
            whole = progress.get((focus._origin.id,), {})
            focus.reseller_count = whole.get("resellers", 0)
            # What one product sold too much does not make up for another.
            done = focus.target - focus.left
            focus.progress = 100 * done / focus.target if focus.target else 0.0

    def _get_progress(self):
        """:return: by id of a line a dict of ordered (in the product's unit) and
        resellers; of a whole focus the resellers, by its id as a tuple"""
        self.env.flush_all()
        progress = {}
        ids = self._origin.ids
        if not ids:
            return progress
        for focus_id, line_id, count in self.env.execute_query(
            self._get_offered_query(ids)
        ):
            key = line_id or (focus_id,)
            progress.setdefault(key, {})["resellers"] = count
        for line_id, quantity in self.env.execute_query(self._get_ordered_query(ids)):
            progress.setdefault(line_id, {})["ordered"] = quantity
        return progress

    @api.model
    def _get_audience_sql(self):
        """:return: condition on a focus f and a relationship r of its company"""
        return SQL(
            """
            (NOT EXISTS (SELECT FROM prm_focus_res_partner_grade_rel g
                          WHERE g.prm_focus_id = f.id)
             OR r.grade_id IN (SELECT g.res_partner_grade_id
                                 FROM prm_focus_res_partner_grade_rel g
                                WHERE g.prm_focus_id = f.id))
            AND (NOT EXISTS (SELECT FROM prm_focus_prm_territory_rel t
                              WHERE t.prm_focus_id = f.id)
                 OR r.territory_id IN (SELECT t.prm_territory_id
                                         FROM prm_focus_prm_territory_rel t
                                        WHERE t.prm_focus_id = f.id))
            """
        )

    @api.model
    def _get_reached_sql(self, relationship):
        """:param SQL relationship: id of a relationship of the focus's company
        :return: condition on a row of _get_focus_sql: most focuses are for all
            resellers, and none has to be looked up then"""
        return SQL(
            """
            (f.everybody OR EXISTS (
                SELECT FROM prm_relationship r WHERE r.id = %s AND %s))
            """,
            relationship,
            self._get_audience_sql(),
        )

    def _get_focus_sql(self, ids):
        """:return: SQL of the focuses asked for, with ``everybody``: whether they are
        for all resellers"""
        return SQL(
            """
            SELECT f.id, f.company_id, f.date_from, f.date_to,
                   NOT EXISTS (SELECT FROM prm_focus_res_partner_grade_rel g
                                WHERE g.prm_focus_id = f.id)
                   AND NOT EXISTS (SELECT FROM prm_focus_prm_territory_rel t
                                    WHERE t.prm_focus_id = f.id) AS everybody
              FROM prm_focus f
             WHERE f.id = ANY(%s)
            """,
            ids,
        )

    def _get_offered_query(self, ids):
        """Of what counts as offered, a mark by hand alone may be taken back."""
        return SQL(
            """
            WITH f AS MATERIALIZED (%(focus)s)
            SELECT f.id, l.id, count(DISTINCT e.relationship_id)
              FROM f
              JOIN prm_focus_line l ON l.focus_id = f.id
              JOIN prm_recommendation_event e
                ON e.product_id = l.product_id
               AND e.company_id = f.company_id
               AND e.date BETWEEN f.date_from AND f.date_to
               AND e.type IN %(offered)s
             WHERE %(reached)s
               AND (e.type <> 'offered' OR NOT EXISTS (
                   SELECT FROM prm_recommendation_event u
                    WHERE u.undone_id = e.id AND u.type = 'undone'))
             GROUP BY GROUPING SETS ((f.id), (f.id, l.id))
            """,
            offered=OFFERED,
            focus=self._get_focus_sql(ids),
            reached=self._get_reached_sql(SQL("e.relationship_id")),
        )

    def _get_ordered_query(self, ids):
        """Lines by product and orders by day, each looked up once: neither index
        knows both."""
        companies = self.company_id
        zones = [company._prm_get_timezone() for company in companies]
        day = timedelta(days=1)
        return SQL(
            """
            WITH f AS MATERIALIZED (%(focus)s),
            o AS MATERIALIZED (
                SELECT o.id, o.company_id, o.prm_relationship_id,
                       (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE company.zone)::date
                           AS day
                  FROM sale_order o
                  JOIN unnest(%(companies)s, %(zones)s) company (id, zone)
                    ON company.id = o.company_id
                 WHERE o.date_order >= %(since)s
                   AND o.date_order < %(until)s
                   AND o.state = 'sale'
                   AND o.prm_relationship_id IS NOT NULL
            ), s AS MATERIALIZED (
                SELECT l.id, l.focus_id, l.product_id, s.order_id, s.product_uom_qty,
                       s.product_uom_id
                  FROM prm_focus_line l
                  JOIN sale_order_line s ON s.product_id = l.product_id
                 WHERE l.focus_id = ANY(%(ids)s)
            )
            SELECT s.id, SUM(s.product_uom_qty * u.factor / own.factor)
              FROM s
              JOIN o ON o.id = s.order_id
              JOIN f ON f.id = s.focus_id
               AND f.company_id = o.company_id
               AND o.day BETWEEN f.date_from AND f.date_to
              JOIN uom_uom u ON u.id = s.product_uom_id
              JOIN product_product p ON p.id = s.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
              JOIN uom_uom own ON own.id = t.uom_id
             WHERE %(reached)s
             GROUP BY s.id
            """,
            companies=companies.ids,
            zones=zones,
            # Wherever on earth its day begins
            since=min(self.mapped("date_from")) - day,
            until=max(self.mapped("date_to")) + 2 * day,
            ids=ids,
            focus=self._get_focus_sql(ids),
            reached=self._get_reached_sql(SQL("o.prm_relationship_id")),
        )
