from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PrmFocusLine(models.Model):
    _name = "prm.focus.line"
    _description = "Product in Focus"
    _order = "focus_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    focus_id = fields.Many2one(
        "prm.focus", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="focus_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('sale_ok', '=', True), ('type', '!=', 'combo')]",
    )
    target = fields.Float(
        required=True,
        digits="Product Unit",
        help="Quantity to be ordered in the period.",
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id")
    reseller_count = fields.Integer(
        "Offered to",
        compute="_compute_progress",
        help="Resellers that it was shown, offered or added for.",
    )
    ordered = fields.Float(digits="Product Unit", compute="_compute_progress")
    left = fields.Float(digits="Product Unit", compute="_compute_progress")

    _product_unique = models.Constraint(
        "UNIQUE (focus_id, product_id)", "A product is in a focus once."
    )

    @api.depends("target", "product_id", "focus_id.date_from", "focus_id.date_to")
    @api.depends("focus_id.grade_ids", "focus_id.territory_ids")
    def _compute_progress(self):
        progress = self.focus_id._get_progress()
        for line in self:
            found = progress.get(line._origin.id, {})
            line.reseller_count = found.get("resellers", 0)
            line.ordered = found.get("ordered", 0.0)
            line.left = max(line.target - line.ordered, 0.0)

    @api.constrains("target")
    def _check_target(self):
        for line in self:
            if line.target <= 0:
                raise ValidationError(
                    self.env._(
                        "The target of %(product)s is a quantity above 0, found"
                        " %(found)s.",
                        product=line.product_id.display_name,
                        found=line.target,
                    )
                )

    @api.constrains("product_id")
    def _check_product(self):
        for line in self:
            # sudo - product.product: of another company it is named by core's check
            product = line.product_id.sudo()
            if not product.active or not product.sale_ok:
                raise ValidationError(
                    self.env._(
                        "%(product)s is archived or cannot be sold: choose a product"
                        " that resellers can buy.",
                        product=product.display_name,
                    )
                )
