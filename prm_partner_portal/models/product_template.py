from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .const import USER_GROUP


class ProductTemplate(models.Model):
    _inherit = "product.template"

    prm_sold_through_resellers = fields.Boolean(
        "Sold through Resellers",
        default=True,
        groups=USER_GROUP,
        help="Resellers may buy this product; only such products are recommended.",
    )
    prm_minimum_grade_id = fields.Many2one(
        "res.partner.grade",
        "Minimum Tier",
        index="btree_not_null",
        groups=USER_GROUP,
        help="Only resellers of this tier or a higher one may buy this product.",
    )
    prm_successor_id = fields.Many2one(
        "product.template",
        "Successor",
        index="btree_not_null",
        domain="[('id', '!=', id)]",
        groups=USER_GROUP,
        help="The product that replaces this one: it inherits its sales history.",
    )
    prm_sales_pack = fields.Float(
        "Sales Pack",
        digits="Product Unit",
        default=1.0,
        groups=USER_GROUP,
        help="Suggested quantities are rounded up to a multiple of this.",
    )

    _prm_sales_pack_positive = models.Constraint(
        "CHECK (prm_sales_pack IS NULL OR prm_sales_pack > 0)",
        "A sales pack holds more than nothing.",
    )

    @api.constrains("prm_successor_id")
    def _check_prm_successor(self):
        if self._has_cycle("prm_successor_id"):
            raise ValidationError(
                self.env._("A product cannot be its own successor, nor in a circle.")
            )
