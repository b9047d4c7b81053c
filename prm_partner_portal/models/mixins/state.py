from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import MANAGER_GROUP, OPEN_STATES, STATES, TRANSITIONS

# What only managers decide about.
MANAGED_FIELDS = {
    "state",
    "state_date",
    "state_user_id",
    "state_reason",
    "grade_id",
    "pricelist_source",
    "previous_pricelist_id",
    "closed_user_ids",
    "assortment_ids",
}


class PrmStateMixin(models.AbstractModel):
    """The life of a relationship: who may do what, and what follows from it."""

    _name = "prm.state.mixin"
    _description = "State of a Relationship"

    state = fields.Selection(
        STATES, required=True, default="candidate", tracking=True, index=True
    )
    state_date = fields.Datetime("In this State since", readonly=True, copy=False)
    state_user_id = fields.Many2one("res.users", "State Set by", readonly=True)
    state_reason = fields.Char("Reason for the State", readonly=True, tracking=True)

    is_manager = fields.Boolean(compute="_compute_is_manager")

    @api.depends_context("uid")
    def _compute_is_manager(self):
        self.is_manager = self.env.user.has_group(MANAGER_GROUP)

    def _check_managed(self, vals):
        """:raise AccessError: when a value is not for this user to decide"""
        if MANAGED_FIELDS & vals.keys():
            self._check_manager()

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group(MANAGER_GROUP)):
            raise AccessError(
                self.env._("Only a manager of resellers may change this.")
            )

    def _prepare_state_values(self, vals):
        """:return: the values with who and when; the reason of before goes
        :raise UserError: when the state cannot follow the present one
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for relationship in self:
            if vals["state"] not in TRANSITIONS[relationship.state]:
                raise UserError(
                    self.env._(
                        "%(reseller)s: a relationship that is “%(old)s” cannot become"
                        " “%(new)s”.",
                        reseller=relationship.partner_id.name,
                        old=labels[relationship.state],
                        new=labels.get(vals["state"], vals["state"]),
                    )
                )
        return {
            "state_reason": False,
            **vals,
            "state_date": fields.Datetime.now(),
            "state_user_id": self.env.uid,
        }

    def _follow_state(self, before):
        """:param dict before: state of each relationship before the write"""
        self.filtered(
            lambda r: r.state in OPEN_STATES and before[r] not in OPEN_STATES
        )._open()
        self.filtered(
            lambda r: r.state not in OPEN_STATES and before[r] in OPEN_STATES
        )._close()
        self.filtered(lambda r: r.state == "ended")._expire_recommendations()

    def _open(self):
        """The reseller gets the company in its portal and its tier's price list."""
        self._remember_pricelist()
        self._apply_pricelist()
        self.sudo()._grant_companies()

    def _close(self):
        """The reseller loses the company in its portal; its price list is restored."""
        self._restore_pricelist()
        self.sudo()._revoke_companies()

    def _expire_recommendations(self):
        self.sudo().recommendation_ids.unlink()

    def action_activate(self):
        return self.write({"state": "active"})

    def action_candidate(self):
        return self.write({"state": "candidate"})

    def action_ask_reason(self):
        """Open the dialog that suspends or ends with a reason (context: prm_state)."""
        self._check_manager()
        state = self.env.context.get("prm_state", "suspended")
        return {
            "type": "ir.actions.act_window",
            "res_model": "prm.relationship.state",
            "view_mode": "form",
            "target": "new",
            "name": self.env._("End the Relationship")
            if state == "ended"
            else self.env._("Suspend the Relationship"),
            "context": {
                **self.env.context,
                "default_relationship_ids": self.ids,
                "default_state": state,
            },
        }
