from datetime import timezone
from zoneinfo import ZoneInfo

from odoo import fields, models

from .const import USER_GROUP


class ResCompany(models.Model):
    _inherit = "res.company"

    prm_history_months = fields.Integer("History Used", default=24, groups=USER_GROUP)
    prm_include_services = fields.Boolean("Recommend Services", groups=USER_GROUP)
    prm_rhythm_green = fields.Float(
        "Rhythm: Green up to", default=1.5, groups=USER_GROUP
    )
    prm_rhythm_amber = fields.Float(
        "Rhythm: Amber up to", default=2.5, groups=USER_GROUP
    )
    prm_trend_green = fields.Float(
        "Trend: Green from", default=-0.15, groups=USER_GROUP
    )
    prm_trend_amber = fields.Float(
        "Trend: Amber from", default=-0.35, groups=USER_GROUP
    )
    prm_range_green = fields.Float(
        "Range: Green up to", default=0.20, groups=USER_GROUP
    )
    prm_range_amber = fields.Float(
        "Range: Amber up to", default=0.40, groups=USER_GROUP
    )
    prm_range_overdue = fields.Float(
        "Range: Overdue beyond Intervals", default=2.0, groups=USER_GROUP
    )

    _prm_history_positive = models.Constraint(
        "CHECK (prm_history_months IS NULL OR prm_history_months BETWEEN 3 AND 120)",
        "The history used must be between 3 and 120 months.",
    )
    _prm_rhythm_order = models.Constraint(
        "CHECK (prm_rhythm_green IS NULL OR 0 < prm_rhythm_green AND"
        " prm_rhythm_green <= prm_rhythm_amber)",
        "Rhythm: the limit of green must be above 0 and not above that of amber.",
    )
    _prm_trend_order = models.Constraint(
        "CHECK (prm_trend_green IS NULL OR prm_trend_green >= prm_trend_amber)",
        "Trend: the limit of green must not be below that of amber.",
    )
    _prm_range_order = models.Constraint(
        "CHECK (prm_range_green IS NULL OR 0 <= prm_range_green AND"
        " prm_range_green <= prm_range_amber AND prm_range_amber <= 1)",
        "Range: the limits must be shares from 0 to 100 %, green not above amber.",
    )
    _prm_range_overdue_positive = models.Constraint(
        "CHECK (prm_range_overdue IS NULL OR prm_range_overdue > 0)",
        "Range: a product is overdue after a positive number of intervals.",
    )

    def _prm_get_timezone(self):
        """:return: name of the zone that the company's days are counted in"""
        self.ensure_one()
        # Two columns of two records, not all of them: this is asked often.
        company = self.sudo().with_context(prefetch_fields=False)
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    def _prm_get_today(self, zone=None):
        """:return: the day that it is in the company's time zone, or in this one"""
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        return now.astimezone(ZoneInfo(zone or self._prm_get_timezone())).date()
