from odoo import api, fields, models


class PrmAccessMixin(models.AbstractModel):
    """Which companies the portal users of a reseller belong to."""

    _name = "prm.access.mixin"
    _description = "Portal Access of a Relationship"

    closed_user_ids = fields.Many2many(
        "res.users",
        string="Closed Portal Users",
        context={"active_test": False},
        help="Portal users that had no other distributor: they are archived while"
        " the relationship is ended and come back with it.",
        copy=False,
    )

    def _get_portal_users(self):
        """:return: every portal user of the reseller, of its contacts too"""
        return self._get_portal_users_of(self.partner_id)

    @api.model
    def _get_portal_users_of(self, partners):
        domain = [
            ("share", "=", True),
            ("partner_id.commercial_partner_id", "in", partners.ids),
        ]
        return self.env["res.users"].sudo().search(domain)

    def _grant_companies(self):
        for relationship in self.filtered("closed_user_ids"):
            closed = relationship.closed_user_ids.filtered(
                lambda user, r=relationship: user.commercial_partner_id == r.partner_id
            )
            closed.action_unarchive()
            relationship.closed_user_ids = False
        self._get_portal_users()._prm_sync_companies()

    def _revoke_companies(self):
        """A user needs a company: one that has no other is archived instead."""
        for company, relationships in self.grouped("company_id").items():
            users = relationships._get_portal_users()
            closed = users - users._prm_sync_companies(revoked=company)
            theirs = closed.grouped("commercial_partner_id")
            for relationship in relationships:
                users = theirs.get(relationship.partner_id, closed.browse())
                if users != relationship.closed_user_ids:
                    relationship.closed_user_ids = users
            closed.action_archive()
