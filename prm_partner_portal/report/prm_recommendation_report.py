from odoo import api, fields, models
from odoo.tools import SQL

from ..models.const import EVENT_TYPES, KINDS, PEOPLE_GROUP, SOURCES

# Each counts recommendations: a product for a reseller, once however often it was
# shown or ordered in the days that are looked at.
STAGES = ("shown", "offered", "added", "ordered", "declined", "dismissed")


class PrmRecommendationReport(models.Model):
    """What came of recommendations: from shown to ordered, side by side.

    What was undone did not happen. Figures are those of the resellers that a
    salesperson looks after; who did it stands on the event.
    """

    _name = "prm.recommendation.report"
    _description = "What Came of Recommendations"
    _auto = False
    _order = "id desc"
    _rec_name = "product_id"
    _depends = {
        "prm.recommendation.event": ["type"],
        "prm.relationship": ["user_id", "territory_id", "grade_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id"],
        "res.company": ["currency_id"],
    }

    date = fields.Date("Day", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    relationship_id = fields.Many2one("prm.relationship", "Reseller", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Salesperson", readonly=True, groups=PEOPLE_GROUP
    )
    territory_id = fields.Many2one("prm.territory", readonly=True)
    grade_id = fields.Many2one("res.partner.grade", "Tier", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    stage = fields.Selection(EVENT_TYPES, readonly=True)
    kind = fields.Selection(KINDS, readonly=True)
    source = fields.Selection(SOURCES, "Where", readonly=True)
    recommended = fields.Integer(
        "Recommendations", readonly=True, aggregator="count_distinct"
    )
    shown = fields.Integer(readonly=True, aggregator="count_distinct")
    offered = fields.Integer(readonly=True, aggregator="count_distinct")
    added = fields.Integer(readonly=True, aggregator="count_distinct")
    ordered = fields.Integer(readonly=True, aggregator="count_distinct")
    declined = fields.Integer(readonly=True, aggregator="count_distinct")
    dismissed = fields.Integer(readonly=True, aggregator="count_distinct")
    too_dear = fields.Integer("“Too Dear”", readonly=True, aggregator="count_distinct")
    amount = fields.Monetary(
        "Ordered Amount",
        readonly=True,
        help="Of the order lines that came from recommendations, without taxes.",
    )
    conversion = fields.Float(
        "Ordered of Shown",
        readonly=True,
        aggregator="avg",
        help="Recommendations that were ordered, divided by those that were shown.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT e.id, e.date, e.company_id, c.currency_id, e.relationship_id,
                   r.user_id, r.territory_id, r.grade_id, e.product_id, t.categ_id,
                   e.order_id, e.type AS stage, e.kind, e.source,
                   %(pair)s AS recommended,
                   %(stages)s,
                   CASE WHEN e.reason = 'price' THEN %(pair)s END AS too_dear,
                   CASE WHEN e.type = 'ordered' THEN e.amount END AS amount,
                   NULL::float8 AS conversion
              FROM prm_recommendation_event e
              JOIN prm_relationship r ON r.id = e.relationship_id
              JOIN res_company c ON c.id = e.company_id
              JOIN product_product p ON p.id = e.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE e.type <> 'undone'
               AND e.id NOT IN (SELECT u.undone_id
                                  FROM prm_recommendation_event u
                                 WHERE u.type = 'undone'
                                   AND u.undone_id IS NOT NULL)
            """,
            pair=SQL("(e.relationship_id::bigint << 32 | e.product_id)"),
            stages=SQL(", ").join(
                SQL(
                    "CASE WHEN e.type = %s"
                    " THEN (e.relationship_id::bigint << 32 | e.product_id) END AS %s",
                    stage,
                    SQL.identifier(stage),
                )
                for stage in STAGES
            ),
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """A group's share is that of its sums, not the mean of its rows."""
        if aggregate_spec != "conversion:avg":
            return super()._read_group_select(aggregate_spec, query)
        shown, ordered = (
            self._field_to_sql(self._table, name, query)
            for name in ("shown", "ordered")
        )
        return SQL(
            "COUNT(DISTINCT %s)::float8 / NULLIF(COUNT(DISTINCT %s), 0)", ordered, shown
        )
