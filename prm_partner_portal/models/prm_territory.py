from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL


class PrmTerritory(models.Model):
    _name = "prm.territory"
    _description = "Sales Territory"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    user_id = fields.Many2one(
        "res.users", "Salesperson", domain="[('share', '=', False)]"
    )
    country_ids = fields.Many2many("res.country", string="Countries")
    state_ids = fields.Many2many("res.country.state", string="States")
    zip_ids = fields.One2many("prm.territory.zip", "territory_id", "Zip Ranges")
    relationship_ids = fields.One2many("prm.relationship", "territory_id")
    relationship_count = fields.Integer(
        "Resellers", compute="_compute_relationship_count"
    )

    def _compute_relationship_count(self):
        counts = dict(
            self.env["prm.relationship"]._read_group(
                [("territory_id", "in", self.ids)], ["territory_id"], ["__count"]
            )
        )
        for territory in self:
            territory.relationship_count = counts.get(territory, 0)

    @api.model
    def _get_match_sql(self, places):
        """Find the territory of places: zip beats state beats country.

        :param SQL places: a query of key, partner_id and company_id
        :return: a query of key, territory_id and the territory's user_id, one row for
            each place that is in a territory
        """
        return SQL(
            """
            SELECT DISTINCT ON (match.key) match.key, t.id AS territory_id, t.user_id
              FROM (
                SELECT place.key, place.company_id, z.territory_id, 1 AS distance
                  FROM (SELECT q.key, q.company_id, p.country_id,
                               upper(replace(p.zip, ' ', '')) AS zip
                          FROM (%(places)s) q
                          JOIN res_partner p ON p.id = q.partner_id
                         WHERE p.zip <> '' OFFSET 0) place
                  JOIN (SELECT territory_id, country_id,
                               length(trim(zip_from)) AS length,
                               upper(trim(zip_from)) AS low,
                               upper(trim(zip_to)) AS high
                          FROM prm_territory_zip OFFSET 0) z
                    ON z.country_id = place.country_id
                   AND left(place.zip, z.length) BETWEEN z.low AND z.high
                UNION ALL
                SELECT q.key, q.company_id, s.prm_territory_id, 2
                  FROM (%(places)s) q
                  JOIN res_partner p ON p.id = q.partner_id
                  JOIN prm_territory_res_country_state_rel s
                    ON s.res_country_state_id = p.state_id
                UNION ALL
                SELECT q.key, q.company_id, c.prm_territory_id, 3
                  FROM (%(places)s) q
                  JOIN res_partner p ON p.id = q.partner_id
                  JOIN prm_territory_res_country_rel c
                    ON c.res_country_id = p.country_id
              ) match
              JOIN prm_territory t ON t.id = match.territory_id AND t.active
             WHERE t.company_id IS NULL OR t.company_id = match.company_id
             ORDER BY match.key, match.distance, t.sequence, t.id
            """,
            places=places,
        )

    def action_assign(self):
        """Work out the territories of all relationships that were not set by hand."""
        self.check_access("write")
        relationships = self.env["prm.relationship"].search(
            [("territory_manual", "=", False)]
        )
        before = {one: one.territory_id for one in relationships}
        relationships._assign_territory()
        moved = sum(one.territory_id != before[one] for one in relationships)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Resellers moved: %(count)s", count=moved),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_relationships(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Resellers in %(territory)s", territory=self.name),
            "res_model": "prm.relationship",
            "view_mode": "list,kanban,form",
            "domain": [("territory_id", "=", self.id)],
        }


class PrmTerritoryZip(models.Model):
    _name = "prm.territory.zip"
    _description = "Zip Range of a Sales Territory"
    _order = "territory_id, country_id, zip_from"

    territory_id = fields.Many2one(
        "prm.territory", required=True, index=True, ondelete="cascade"
    )
    country_id = fields.Many2one("res.country", required=True)
    zip_from = fields.Char("From", required=True)
    zip_to = fields.Char("To", required=True)

    @api.constrains("zip_from", "zip_to")
    def _check_range(self):
        for record in self:
            low, high = record.zip_from.strip(), record.zip_to.strip()
            if len(low) != len(high) or low.upper() > high.upper():
                raise ValidationError(
                    self.env._(
                        "Zip range %(low)s to %(high)s: both ends must be equally long"
                        " and the first not above the second, such as 10000 to 19999"
                        " or SW1 to SW9.",
                        low=record.zip_from,
                        high=record.zip_to,
                    )
                )
