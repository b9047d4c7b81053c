from odoo import fields, models
from odoo.tools import SQL


class PrmTerritoryMixin(models.AbstractModel):
    """Which territory a reseller is in, and so which salesperson looks after it."""

    _name = "prm.territory.mixin"
    _description = "Territory of a Relationship"

    territory_id = fields.Many2one(
        "prm.territory",
        tracking=True,
        index="btree_not_null",
        domain="[('company_id', 'in', [False, company_id])]",
    )
    territory_manual = fields.Boolean("Territory Set by Hand", copy=False)
    user_manual = fields.Boolean("Salesperson Set by Hand", copy=False)

    def _assign_territory(self):
        """Set territory and salesperson where nobody has chosen them by hand."""
        automatic = self.with_context(prm_automatic=True).sudo()
        found = automatic._find_territories()
        changes = {}
        for relationship in automatic:
            values = {}
            territory = relationship.territory_id
            if not relationship.territory_manual:
                territory = found.get(relationship.id, territory.browse())
                if territory != relationship.territory_id:
                    values["territory_id"] = territory.id
            if not relationship.user_manual:
                user = relationship._get_salesperson(territory)
                if user and user != relationship.user_id:
                    values["user_id"] = user.id
            if values:
                changes.setdefault(tuple(values.items()), []).append(relationship.id)
        for values, ids in changes.items():
            automatic.browse(ids).write(dict(values))

    def _get_salesperson(self, territory):
        """:return: the reseller's own salesperson, else the territory's, who still
        works for the company"""
        self.ensure_one()
        for user in (self.partner_id.user_id, territory.user_id):
            if user.active and not user.share and self.company_id in user.company_ids:
                return user
        return territory.user_id.browse()

    def _find_territories(self):
        """:return: territory by relationship id: zip beats state beats country"""
        self.env.flush_all()
        territories = self.env["prm.territory"]
        places = SQL(
            "SELECT id AS key, partner_id, company_id FROM prm_relationship"
            " WHERE id = ANY(%s)",
            self.ids,
        )
        rows = self.env.execute_query(territories._get_match_sql(places))
        return {key: territories.browse(found) for key, found, _user in rows}
