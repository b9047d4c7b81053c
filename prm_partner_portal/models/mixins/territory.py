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
                user = relationship.partner_id.user_id or territory.user_id
                if user and user != relationship.user_id:
                    values["user_id"] = user.id
            if values:
                changes.setdefault(tuple(values.items()), []).append(relationship.id)
        for values, ids in changes.items():
            automatic.browse(ids).write(dict(values))

    def _find_territories(self):
        """:return: territory by relationship id: zip beats state beats country"""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (match.relationship_id)
                       match.relationship_id, match.territory_id
                  FROM (
                    SELECT r.id AS relationship_id, z.territory_id, 1 AS distance
                      FROM prm_relationship r
                      JOIN res_partner p ON p.id = r.partner_id
                      JOIN prm_territory_zip z ON z.country_id = p.country_id
                     WHERE r.id = ANY(%(ids)s)
                       AND %(zip)s BETWEEN upper(trim(z.zip_from))
                                       AND upper(trim(z.zip_to))
                    UNION ALL
                    SELECT r.id, s.prm_territory_id, 2
                      FROM prm_relationship r
                      JOIN res_partner p ON p.id = r.partner_id
                      JOIN prm_territory_res_country_state_rel s
                        ON s.res_country_state_id = p.state_id
                     WHERE r.id = ANY(%(ids)s)
                    UNION ALL
                    SELECT r.id, c.prm_territory_id, 3
                      FROM prm_relationship r
                      JOIN res_partner p ON p.id = r.partner_id
                      JOIN prm_territory_res_country_rel c
                        ON c.res_country_id = p.country_id
                     WHERE r.id = ANY(%(ids)s)
                  ) match
                  JOIN prm_territory t ON t.id = match.territory_id AND t.active
                  JOIN prm_relationship r ON r.id = match.relationship_id
                 WHERE t.company_id IS NULL OR t.company_id = r.company_id
                 ORDER BY match.relationship_id, match.distance, t.sequence, t.id
                """,
                ids=self.ids,
                zip=SQL(
                    "left(upper(replace(p.zip, ' ', '')), length(trim(z.zip_from)))"
                ),
            )
        )
        territories = self.env["prm.territory"]
        return {relationship: territories.browse(found) for relationship, found in rows}
