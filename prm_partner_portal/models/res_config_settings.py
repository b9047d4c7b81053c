from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    prm_history_months = fields.Integer(
        related="company_id.prm_history_months", readonly=False
    )
    prm_include_services = fields.Boolean(
        related="company_id.prm_include_services", readonly=False
    )
    prm_control = fields.Selection(related="company_id.prm_control", readonly=False)
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
