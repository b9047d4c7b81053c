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

    prm_reseller_count = fields.Integer(
        "Resellers to Offer to",
        compute="_compute_prm_reseller_count",
        groups=USER_GROUP,
        help="In how many resellers' lists the product stands.",
    )

    _prm_sales_pack_positive = models.Constraint(
        "CHECK (prm_sales_pack IS NULL OR prm_sales_pack > 0)",
        "A sales pack holds more than nothing.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_prm_reseller_count(self):
        """A reseller counts once, whatever number of variants its list holds."""
        pairs = self.env["prm.recommendation"]._read_group(
            [
                ("product_id", "in", self.product_variant_ids.ids),
                ("relationship_id.state", "=", "active"),
            ],
            ["product_id"],
            ["relationship_id:array_agg"],
        )
        resellers = {}
        for product, relationship_ids in pairs:
            template = product.product_tmpl_id
            resellers.setdefault(template, set()).update(relationship_ids)
        for template in self:
            template.prm_reseller_count = len(resellers.get(template, ()))

    @api.constrains("prm_successor_id")
    def _check_prm_successor(self):
        if self._has_cycle("prm_successor_id"):
            raise ValidationError(
                self.env._("A product cannot be its own successor, nor in a circle.")
            )

    def action_prm_whom_to_offer(self):
        """Open whom to offer the variants of these products."""
        return self.product_variant_ids.action_prm_whom_to_offer()
