from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from odoo import models
from odoo.fields import Domain
from odoo.tools import formatLang


class PrmFocusWeeksMixin(models.AbstractModel):
    """How a focus went, week by week, in the reports that there are."""

    _name = "prm.focus.weeks.mixin"
    _description = "Weeks of a Focus"

    def action_view_weeks(self):
        """Recommendations of its products that were shown, offered, added, ordered."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "prm_partner_portal.prm_recommendation_report_action_week"
        )
        action["display_name"] = self.env._("%(focus)s, by week", focus=self.name)
        action["domain"] = list(
            self._get_audience_domain("")
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )
        return action

    def action_view_ordered(self):
        """What was ordered, added up week by week, in Odoo's sales analysis."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "prm_partner_portal.sale_report_action_focus"
        )
        action["display_name"] = self.env._(
            "%(focus)s: ordered of a target of %(target)s",
            focus=self.name,
            target=formatLang(self.env, self.target, dp="Product Unit"),
        )
        action["domain"] = list(
            self._get_audience_domain("prm_")
            & Domain("state", "=", "sale")
            & Domain("prm_relationship_id", "!=", False)
            & Domain("date", ">=", self._get_moment(self.date_from))
            & Domain("date", "<", self._get_moment(self.date_to + timedelta(days=1)))
        )
        return action

    def _get_moment(self, day):
        """:return: when a day of the company begins, as the database has it"""
        zone = ZoneInfo(self.company_id._prm_get_timezone())
        begin = datetime.combine(day, time.min, zone)
        return begin.astimezone(timezone.utc).replace(tzinfo=None)

    def _get_audience_domain(self, prefix):
        """:param str prefix: of the fields of the reseller in a report
        :return: domain of its products and of whom they are pushed to"""
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("product_id", "in", self.line_ids.product_id.ids)
        for name in ("grade_id", "territory_id"):
            chosen = self[f"{name}s"]
            if chosen:
                domain &= Domain(f"{prefix}{name}", "in", chosen.ids)
        return domain
