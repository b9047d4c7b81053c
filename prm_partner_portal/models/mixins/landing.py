from markupsafe import Markup

from odoo import api, models

from ..const import MANAGER_GROUP

MANAGERS_NAMED = 3


class PrmLandingMixin(models.AbstractModel):
    """What opens with the app, and what an empty list says."""

    _name = "prm.landing.mixin"
    _description = "First Page of Resellers"

    @api.model
    def _prm_get_landing_action(self):
        """The page that the app opens on: My Day. As long as the company at hand knows
        no reseller it is the one that finds them, for who may make them, and for
        others the list that says whom to ask.

        :return: an action's values
        """
        actions = self.env["ir.actions.actions"]
        if self._prm_knows_resellers():
            return actions._for_xml_id("prm_partner_portal.prm_day_action")
        if self.env.user.has_group(MANAGER_GROUP):
            return self.env["prm.relationship.find"].action_open()
        return actions._for_xml_id("prm_partner_portal.prm_relationship_action")

    @api.model
    def _prm_knows_resellers(self):
        """:return: whether the company at hand has a relationship, of whatever state"""
        # sudo - prm.relationship: whether there is any, not only of one's own
        known = self.env["prm.relationship"].sudo().with_context(active_test=False)
        return bool(
            known.search_count([("company_id", "=", self.env.company.id)], limit=1)
        )

    @api.model
    def get_empty_list_help(self, help_message):
        help_message = super().get_empty_list_help(help_message)
        if self.env.user.has_group(MANAGER_GROUP):
            return Markup(
                '%s<p><a type="action" class="btn btn-primary"'
                ' name="prm_partner_portal.prm_relationship_find_action">%s</a></p>'
            ) % (Markup(help_message or ""), self.env._("Find My Resellers"))
        if self._prm_knows_resellers():
            return help_message
        return Markup('<p class="o_view_nocontent_smiling_face">%s</p><p>%s</p>') % (
            self.env._("No resellers yet"),
            self._prm_say_who_finds(),
        )

    @api.model
    def _prm_say_who_finds(self):
        # sudo - res.groups, res.users: the names of whom to ask
        group = self.env.ref(MANAGER_GROUP).sudo()
        company = self.env.company
        managers = group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        names = managers[:MANAGERS_NAMED].mapped("name")
        if not names:
            return self.env._(
                "A manager of resellers finds them among the customers of your"
                " company. Nobody is one yet: an administrator sets it in the access"
                " rights of a user."
            )
        return self.env._(
            "A manager of resellers finds them among the customers of your company."
            " Ask %(managers)s.",
            managers=", ".join(names),
        )
