from odoo import api, fields, models
from odoo.exceptions import UserError

from .const import OUTCOMES, PEOPLE_GROUP


class PrmContact(models.Model):
    """That somebody talked to a reseller, or tried to, and what came of it.

    Append-only: what was taken back is archived.
    """

    _name = "prm.contact"
    _description = "Contact with a Reseller"
    _order = "id desc"
    _rec_name = "relationship_id"

    relationship_id = fields.Many2one(
        "prm.relationship", "Reseller", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "By", required=True, index=True)
    active = fields.Boolean(default=True, help="Off when it was taken back.")
    moment = fields.Datetime(required=True, default=lambda self: fields.Datetime.now())
    date = fields.Date("Day", required=True, help="In the company's time zone.")
    outcome = fields.Selection(OUTCOMES, required=True)
    note = fields.Char()
    rest_until = fields.Date(
        "Rests until",
        required=True,
        help="The reseller is not in the day list before this day, unless something"
        " changes.",
    )
    stake = fields.Monetary(
        "At Stake",
        help="What was due and at risk when they talked: twice as much is a reason to"
        " talk again.",
    )
    activity_id = fields.Many2one(
        "mail.activity",
        "Planned Call",
        index="btree_not_null",
        ondelete="set null",
    )
    closed_activity_id = fields.Many2one(
        "mail.activity",
        "Planned Call that this was",
        index="btree_not_null",
        ondelete="set null",
    )
    token = fields.Char(help="Of the dialog: recorded once, however often it is sent.")

    _standing = models.Index("(relationship_id, id DESC) WHERE active")
    _token_unique = models.UniqueIndex("(token)")

    def write(self, vals):
        if self and set(vals) != {"active"}:
            raise UserError(self.env._("What happened is not changed afterwards."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What happened is not deleted."))

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Contacts are counted by person only where the company decides so."""
        fields_by_name = super().fields_get(allfields, attributes)
        by = fields_by_name.get("user_id", {})
        if by.get("groupable") and not self.env.user.has_group(PEOPLE_GROUP):
            by["groupable"] = False
        return fields_by_name

    def action_open_relationship(self):
        """:return: action that opens the page of the reseller"""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "prm.relationship",
            "res_id": self.relationship_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
