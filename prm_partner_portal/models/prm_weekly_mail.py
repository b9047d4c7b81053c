import logging
from datetime import datetime, time, timedelta, timezone
from time import monotonic
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from .const import MANAGER_GROUP, USER_GROUP

_logger = logging.getLogger(__name__)

KINDS = [("manager", "Manager"), ("salesperson", "Salesperson")]
SEND_HOUR = 6
# A server that was down on Monday catches up; on Thursday the week is no news.
CATCH_UP_DAYS = 3
CARDS = 10  # in the mail; the page has them all
SECONDS = 25  # of a turn; what is left has the next one


class PrmWeeklyMail(models.Model):
    """Monday's mails: a row for each that was made, so that none is made twice."""

    _name = "prm.weekly.mail"
    _inherit = ["prm.weekly.figures", "prm.weekly.sentences"]
    _description = "Weekly Mail"
    _order = "week desc, id desc"
    _rec_name = "user_id"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade")
    kind = fields.Selection(KINDS, required=True)
    week = fields.Date(required=True, help="The Monday on which it is sent.")
    sent = fields.Boolean(help="Not where there was nothing to say.")

    _once = models.UniqueIndex("(company_id, user_id, kind, week)")

    @api.model
    def _cron_send(self):
        """Make the mails that are due, one by one; Odoo's queue sends them."""
        left = False
        for company in self._get_companies_due():
            left |= self._send_company(company.sudo(), self._get_monday(company))
        if left:
            self.env.ref("prm_partner_portal.ir_cron_prm_weekly").sudo()._trigger()

    # When

    def _get_monday(self, company):
        """:return: the Monday of the company's present week"""
        today = company._prm_get_today()
        return today - timedelta(days=today.weekday())

    def _get_companies_due(self):
        """Companies where it is Monday morning, or was within the days before, that
        had resellers by then: not what was just installed."""
        self.env["prm.relationship"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.company_id, min(r.create_date)
                  FROM prm_relationship r
                  JOIN res_company c ON c.id = r.company_id AND c.active
                 WHERE r.active
                 GROUP BY r.company_id
                 ORDER BY r.company_id
                """
            )
        )
        now = fields.Datetime.now()
        due = self.env["res.company"]
        for company_id, since in rows:
            company = due.browse(company_id)
            zone = ZoneInfo(company._prm_get_timezone())
            morning = datetime.combine(
                self._get_monday(company), time(SEND_HOUR), tzinfo=zone
            )
            morning = morning.astimezone(timezone.utc).replace(tzinfo=None)
            until = morning + timedelta(days=CATCH_UP_DAYS)
            if since < morning <= now < until:
                due |= company
        return due

    # To whom

    def _get_recipients(self, company, monday):
        """:return: list of (kind, user) that may still want this week's mail"""
        known = {
            (one.kind, one.user_id.id)
            for one in self.search(
                [("company_id", "=", company.id), ("week", "=", monday)]
            )
        }
        wanted = []
        users = self.env["res.users"].search(
            [
                ("share", "=", False),
                ("company_ids", "in", company.id),
                ("email", "!=", False),
                ("all_group_ids", "in", self.env.ref(USER_GROUP).ids),
                ("prm_weekly_mail", "=", True),
            ]
        )
        if company.prm_weekly_manager:
            managers = self.env.ref(MANAGER_GROUP).all_user_ids
            wanted += [("manager", user) for user in users & managers]
        if company.prm_weekly_salesperson:
            groups = self.env["prm.relationship"]._read_group(
                [("company_id", "=", company.id), ("state", "=", "active")],
                ["user_id"],
            )
            busy = {user.id for (user,) in groups}
            wanted += [("salesperson", user) for user in users if user.id in busy]
        return [(kind, user) for kind, user in wanted if (kind, user.id) not in known]

    # The mails

    def _send_company(self, company, monday):
        """:return: whether recipients are left for another turn"""
        self = self.sudo().with_company(company)
        end = monotonic() + SECONDS
        figures = None
        for kind, user in self._get_recipients(company, monday):
            if monotonic() > end:
                return True
            if kind == "manager" and figures is None:
                figures = self._get_week_figures(company, monday)
            try:
                with self.env.cr.savepoint():
                    self._send_one(kind, user, company, monday, figures)
            except Exception:
                _logger.exception(
                    "Weekly mail (%s) to %s failed: tried again in an hour.",
                    kind,
                    user.login,
                )
            self.env["ir.cron"]._commit_progress(1, remaining=0)
        return False

    def _send_one(self, kind, user, company, monday, figures):
        """Note that the mail was made, and make it where there is something to say."""
        speaking = self.with_context(
            lang=user.lang or company.partner_id.lang, tz=user.tz
        )
        row = self.create(
            {
                "company_id": company.id,
                "user_id": user.id,
                "kind": kind,
                "week": monday,
            }
        )
        values = speaking._prepare_values(kind, user, company, monday, figures)
        if values:
            speaking._create_mail(kind, user, company, values)
            row.sent = True

    def _prepare_values(self, kind, user, company, monday, figures):
        """:return: what the template shows, or None where there is nothing to say"""
        base = company.get_base_url()
        common = {"company": company, "user": user, "base": base, "monday": monday}
        if kind == "manager":
            if self._is_week_empty(figures):
                return None
            return common | {
                "sentences": self._get_week_sentences(figures, company),
                "pictures": self._get_week_pictures(figures, monday),
                "figures": figures,
                "has_before": any(before for _day, _now, before in figures["weeks"]),
            }
        cards = self._get_day_cards(user, company)
        return common | {"cards": cards} if cards else None

    def _get_day_cards(self, user, company):
        """:return: the first cards of My Day, as the salesperson would see them"""
        relationships = self.env["prm.relationship"].with_user(user)
        relationships = relationships.with_context(allowed_company_ids=company.ids)
        return relationships.get_day()["cards"][:CARDS]

    def _create_mail(self, kind, user, company, values):
        subject = (
            self.env._("Your resellers last week")
            if kind == "manager"
            else self.env._("Whom to call this week")
        )
        body = self.env["ir.qweb"]._render(
            f"prm_partner_portal.weekly_mail_{kind}", {**values, "subject": subject}
        )
        mail = self.env["mail.mail"].create(
            {
                "subject": f"{company.name}: {subject}",
                "body_html": body,
                "email_from": company.email_formatted or user.email_formatted,
                "email_to": user.email_formatted,
                "auto_delete": True,
                "state": "outgoing",
            }
        )
        pictures = self.env["ir.attachment"].create(
            [
                {
                    "name": f"prm_inline_{name}.png",
                    "raw": content,
                    "mimetype": "image/png",
                    "res_model": "mail.mail",
                    "res_id": mail.id,
                }
                for name, content in values.get("pictures", {}).items()
            ]
        )
        mail.attachment_ids = pictures
        return mail
