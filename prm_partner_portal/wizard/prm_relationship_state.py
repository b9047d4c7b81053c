from odoo import fields, models

from ..models.const import STATES


class PrmRelationshipState(models.TransientModel):
    """Asks why a relationship is suspended or ended."""

    _name = "prm.relationship.state"
    _description = "Change of a Relationship's State"

    relationship_ids = fields.Many2many("prm.relationship", required=True)
    state = fields.Selection(STATES, required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        self.relationship_ids.write({"state": self.state, "state_reason": self.reason})
        return {"type": "ir.actions.act_window_close"}
