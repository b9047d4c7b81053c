from odoo import api, fields, models

from ..models.const import QUOTATION_RESULTS, SKIP_REASONS

# What needs a look comes first.
ORDER = ["skipped", "made", "extended"]


class PrmQuotationResult(models.TransientModel):
    """What became of the quotations that a list was asked to make."""

    _name = "prm.quotation.result"
    _description = "Quotations Made"

    line_ids = fields.One2many("prm.quotation.result.line", "result_id", readonly=True)
    order_ids = fields.Many2many("sale.order", string="Quotations", readonly=True)
    made_count = fields.Integer("Made", readonly=True)
    extended_count = fields.Integer("Extended", readonly=True)
    skipped_count = fields.Integer("Skipped", readonly=True)

    def _compute_display_name(self):
        self.display_name = self.env._("Quotations Made")

    @api.model
    def _create_from_outcomes(self, outcomes):
        """:param list outcomes: what _prm_make_quotations returned"""
        done = {
            result: {
                one.order.id for one in outcomes if one.order and one.result == result
            }
            for result in ("made", "extended")
        }
        outcomes = sorted(outcomes, key=lambda one: ORDER.index(one.result))
        return self.create(
            {
                "made_count": len(done["made"]),
                "extended_count": len(done["extended"]),
                "skipped_count": sum(one.result == "skipped" for one in outcomes),
                "order_ids": [
                    fields.Command.set(sorted(done["made"] | done["extended"]))
                ],
                "line_ids": [
                    fields.Command.create(
                        {
                            "relationship_id": one.relationship.id,
                            "product_id": one.product.id,
                            "quantity": one.quantity,
                            "result": one.result,
                            "reason": one.reason,
                            "message": one.message,
                            "order_id": one.order.id if one.order else False,
                        }
                    )
                    for one in outcomes
                ],
            }
        )

    def _get_page(self):
        """:return: action that shows the result"""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotations Made"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_view_orders(self):
        """The quotations that were made or extended, as a list."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale.action_quotations_with_onboarding"
        )
        return {
            **action,
            "domain": [("id", "in", self.order_ids.ids)],
            "context": {},
        }


class PrmQuotationResultLine(models.TransientModel):
    _name = "prm.quotation.result.line"
    _description = "Quotation Made or not"

    result_id = fields.Many2one(
        "prm.quotation.result", "Page", required=True, index=True, ondelete="cascade"
    )
    relationship_id = fields.Many2one("prm.relationship", "Reseller", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    result = fields.Selection(QUOTATION_RESULTS, readonly=True)
    reason = fields.Selection(SKIP_REASONS, readonly=True)
    message = fields.Char(readonly=True)
    why = fields.Char(compute="_compute_why")
    order_id = fields.Many2one("sale.order", "Quotation", readonly=True)

    @api.depends("reason", "message")
    @api.depends_context("lang")
    def _compute_why(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        for line in self:
            parts = labels.get(line.reason), line.message
            line.why = ": ".join(part for part in parts if part)
