from odoo import api, fields, models

from .const import MANAGER_GROUP, PEOPLE_GROUP


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    prm_history_months = fields.Integer(
        related="company_id.prm_history_months", readonly=False
    )
    prm_include_services = fields.Boolean(
        related="company_id.prm_include_services", readonly=False
    )
    prm_control = fields.Selection(related="company_id.prm_control", readonly=False)
    prm_style = fields.Selection(related="company_id.prm_style", readonly=False)
    prm_priority = fields.Selection(related="company_id.prm_priority", readonly=False)
    prm_style_cost = fields.Char("What Safe or New Costs", compute="_compute_prm_costs")
    prm_priority_cost = fields.Char(
        "What the Order Costs", compute="_compute_prm_costs"
    )
    prm_weekly_manager = fields.Boolean(
        related="company_id.prm_weekly_manager", readonly=False
    )
    prm_weekly_salesperson = fields.Boolean(
        related="company_id.prm_weekly_salesperson", readonly=False
    )
    group_prm_people = fields.Boolean(
        "Figures by Salesperson",
        group=MANAGER_GROUP,
        implied_group=PEOPLE_GROUP,
    )
    prm_rhythm_green = fields.Float(
        related="company_id.prm_rhythm_green", readonly=False
    )
    prm_rhythm_amber = fields.Float(
        related="company_id.prm_rhythm_amber", readonly=False
    )
    prm_trend_green = fields.Float(related="company_id.prm_trend_green", readonly=False)
    prm_trend_amber = fields.Float(related="company_id.prm_trend_amber", readonly=False)
    prm_range_green = fields.Float(related="company_id.prm_range_green", readonly=False)
    prm_range_amber = fields.Float(related="company_id.prm_range_amber", readonly=False)
    prm_range_overdue = fields.Float(
        related="company_id.prm_range_overdue", readonly=False
    )

    @api.depends("company_id")
    def _compute_prm_costs(self):
        """What the last published run says of these settings."""
        for settings in self:
            # sudo - prm.recommendation.run: sentences for who may change the settings
            run = self.env["prm.recommendation.run"].sudo()
            run = run.search(
                [
                    ("company_id", "=", settings.company_id.id),
                    ("state", "=", "done"),
                    ("cutoff", "!=", False),
                ],
                limit=1,
            )
            settings.prm_style_cost = run.style_cost
            settings.prm_priority_cost = run.priority_cost
