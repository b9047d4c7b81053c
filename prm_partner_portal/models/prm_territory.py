from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
