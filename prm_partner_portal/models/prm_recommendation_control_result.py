from odoo import fields, models

from .const import ARMS


class PrmRecommendationControlResult(models.Model):
    """What came of the pairs of a period that is long over: the pairs are gone."""

    _name = "prm.recommendation.control.result"
    _description = "Outcome of the Control Experiment"
    _order = "period_start desc, class_number, arm"
    _rec_name = "period_start"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True)
    period_start = fields.Date(required=True)
    date = fields.Date("First Day", required=True)
    class_number = fields.Integer("Class of Probability", required=True)
    arm = fields.Selection(ARMS, required=True)
    pairs = fields.Integer(required=True)
    bought = fields.Integer(required=True)

    _once = models.Constraint(
        "UNIQUE (company_id, period_start, class_number, arm)",
        "A period is summed up once.",
    )
