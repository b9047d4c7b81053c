from odoo import fields, models

from .const import DISMISS_REASONS, EVENT_TYPES, KINDS, SOURCES


class PrmRecommendationEvent(models.Model):
    """What people did with recommendations: append-only."""

    _name = "prm.recommendation.event"
    _description = "Recommendation Event"
    _order = "id desc"
    _rec_name = "product_id"

    relationship_id = fields.Many2one(
        "prm.relationship", "Reseller", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    product_id = fields.Many2one(
        "product.product", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", "By", required=True, default=lambda self: self.env.user
    )
    type = fields.Selection(EVENT_TYPES, required=True, index=True)
    date = fields.Date("Day", required=True, help="In the company's time zone.")
    source = fields.Selection(SOURCES, "Where")
    reason = fields.Selection(DISMISS_REASONS)
    note = fields.Char()
    rest_until = fields.Date(help="The product is not offered before this day.")
    kind = fields.Selection(KINDS)
    rank = fields.Integer(aggregator=None)
    probability = fields.Float(aggregator="avg")
    price = fields.Float(
        "Own Price", digits="Product Price", help="At the time of the event."
    )
    quantity = fields.Float(digits="Product Unit")
    amount = fields.Monetary(help="Of the order line, without taxes.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_line_id = fields.Many2one(
        "sale.order.line", "Order Line", index="btree_not_null", ondelete="set null"
    )
    undone_id = fields.Many2one(
        "prm.recommendation.event",
        "Undoes",
        index="btree_not_null",
        ondelete="cascade",
    )

    _shown_once = models.UniqueIndex(
        "(relationship_id, product_id, user_id, date) WHERE type = 'shown'"
    )
