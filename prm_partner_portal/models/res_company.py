from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .const import CONTROL_MODES, PRIORITIES, STYLE_NAMES, USER_GROUP

# A calendar that works on none of so many days is taken for no calendar.
SEARCHED_DAYS = timedelta(days=60)


class ResCompany(models.Model):
    _inherit = "res.company"

    prm_history_months = fields.Integer("History Used", default=24, groups=USER_GROUP)
    prm_include_services = fields.Boolean("Recommend Services", groups=USER_GROUP)
    prm_control = fields.Selection(
        CONTROL_MODES,
        "Measure Whether it Pays",
        default="automatic",
        required=True,
        groups=USER_GROUP,
    )
    prm_style = fields.Selection(
        STYLE_NAMES, "Safe or New", default="balanced", required=True, groups=USER_GROUP
    )
    prm_priority = fields.Selection(
        PRIORITIES,
        "Order of the Lists",
        default="likelihood",
        required=True,
        groups=USER_GROUP,
    )
    prm_weekly_manager = fields.Boolean(
        "Weekly Mail to Managers", default=True, groups=USER_GROUP
    )
    prm_weekly_salesperson = fields.Boolean(
        "Monday's List to Salespeople", default=True, groups=USER_GROUP
    )
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

    @api.constrains(
        "prm_history_months",
        "prm_rhythm_green",
        "prm_rhythm_amber",
        "prm_trend_green",
        "prm_trend_amber",
        "prm_range_green",
        "prm_range_amber",
        "prm_range_overdue",
    )
    def _check_prm_limits(self):
        for company in self.sudo():
            if not 3 <= company.prm_history_months <= 120:
                raise ValidationError(
                    self.env._("The history used must be between 3 and 120 months.")
                )
            if not 0 < company.prm_rhythm_green <= company.prm_rhythm_amber:
                raise ValidationError(
                    self.env._(
                        "Rhythm: the limit of green must be above 0 and not above that"
                        " of amber."
                    )
                )
            if company.prm_trend_green < company.prm_trend_amber:
                raise ValidationError(
                    self.env._(
                        "Trend: the limit of green must not be below that of amber."
                    )
                )
            if not 0 <= company.prm_range_green <= company.prm_range_amber <= 1:
                raise ValidationError(
                    self.env._(
                        "Range: the limits must be shares from 0 to 100 %, green not"
                        " above amber."
                    )
                )
            if company.prm_range_overdue <= 0:
                raise ValidationError(
                    self.env._(
                        "Range: a product is overdue after a positive number of"
                        " intervals."
                    )
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

    def _prm_get_working_day(self, day):
        """:return: the first day from this one on that the company's calendar works"""
        self.ensure_one()
        # sudo - resource.calendar: whoever sells needs the days, not the calendar
        calendar = self.sudo().resource_calendar_id
        begin = datetime.combine(day, time.min, ZoneInfo(calendar.tz or "UTC"))
        off = calendar._get_unusual_days(begin, begin + SEARCHED_DAYS, self)
        days = [
            fields.Date.to_date(text) for text, unusual in off.items() if not unusual
        ]
        return min(days, default=day)

    def _prm_get_holiday(self, day):
        """:return: what the calendar calls a day on which nobody works, or nothing"""
        leaves = self.env["resource.calendar.leaves"].sudo()
        begin = datetime.combine(day, time(12), ZoneInfo(self._prm_get_timezone()))
        noon = begin.astimezone(timezone.utc).replace(tzinfo=None)
        return leaves.search(
            [
                ("resource_id", "=", False),
                ("company_id", "in", (self.id, False)),
                ("calendar_id", "in", (self.sudo().resource_calendar_id.id, False)),
                ("date_from", "<=", noon),
                ("date_to", ">=", noon),
            ],
            limit=1,
        ).name
