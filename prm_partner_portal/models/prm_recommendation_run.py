from odoo import fields, models

from .const import RUN_STATES


class PrmRecommendationRun(models.Model):
    """What ran, on what, how long it took and how good it was."""

    _name = "prm.recommendation.run"
    _description = "Recommendation Run"
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(
        RUN_STATES, required=True, default="waiting", readonly=True
    )
