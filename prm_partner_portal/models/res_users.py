from odoo import api, fields, models
from odoo.fields import Command

from .const import OPEN_STATES, USER_GROUP


class ResUsers(models.Model):
    _inherit = "res.users"

    prm_weekly_mail = fields.Boolean(
        "Weekly Mail about Resellers", default=True, groups=USER_GROUP
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "prm_weekly_mail"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "prm_weekly_mail"]

    @api.model
    def _self_accessible_fields(self):
        """A reseller in the portal knows nothing of the preference."""
        fields_of_self = super()._self_accessible_fields()
        if self.env.user.has_group(USER_GROUP):
            return fields_of_self
        return tuple(names - {"prm_weekly_mail"} for names in fields_of_self)

    def _has_field_access(self, field, operation):
        """Nobody but the user itself and administrators sees the preference."""
        if field.name == "prm_weekly_mail" and not self.env.su:
            others = self - self.env.user
            if others and not self.env.user.has_group("base.group_erp_manager"):
                return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        users = super().create(vals_list)
        users._prm_sync_companies()
        return users

    def write(self, vals):
        result = super().write(vals)
        if {"partner_id", "group_ids", "active"} & set(vals):
            self._prm_sync_companies()
        return result

    def _prm_sync_companies(self, revoked=None):
        """Give portal users the companies that their reseller has a relationship with.

        :param res.company revoked: a company to take away
        :return: the users that have a company left
        """
        kept = self.browse()
        relationships = self._prm_get_relationships_by_partner()
        for user in self.sudo():
            if not user.share or user.partner_id not in relationships:
                kept |= user
                continue
            theirs = relationships[user.partner_id]
            opened = theirs.filtered(lambda r: r.state in OPEN_STATES).company_id
            closed = theirs.company_id - opened
            companies = (user.company_ids | opened) - closed - (revoked or opened[:0])
            if not companies:
                continue
            kept |= user
            user._prm_set_companies(companies)
        return kept

    def _prm_set_companies(self, companies):
        self.ensure_one()
        if companies != self.company_ids:
            current = (self.company_id & companies) or companies[:1]
            self.write(
                {"company_ids": [Command.set(companies.ids)], "company_id": current.id}
            )

    def _prm_leave_companies(self, former_partners):
        """Contacts that moved leave the distributors of their former reseller.

        :param res.partner former_partners: commercial partners before the move
        """
        former = former_partners.sudo().prm_relationship_ids.company_id
        for user in self.sudo():
            present = user.commercial_partner_id.prm_relationship_ids
            present = present.filtered(lambda r: r.state in OPEN_STATES).company_id
            companies = (user.company_ids - former) | present
            if companies:
                user._prm_set_companies(companies)

    def _prm_get_relationships_by_partner(self):
        """:return: for each user's partner with a known reseller, its relationships"""
        partners = self.sudo().partner_id
        relationships = (
            self.env["prm.relationship"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", partners.commercial_partner_id.ids)])
            .grouped("partner_id")
        )
        return {
            partner: relationships[partner.commercial_partner_id]
            for partner in partners
            if partner.commercial_partner_id in relationships
        }
