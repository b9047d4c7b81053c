import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_datetime, mute_logger

from .const import MANAGER_GROUP, RUN_STATES, RUNNING_STATES

OPEN_STATES = ("waiting", *RUNNING_STATES)


class PrmRecommendationRun(models.Model):
    """What ran, on what, how long it took and how good it was."""

    _name = "prm.recommendation.run"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "prm.recommendation.run.unit",
        "prm.recommendation.run.quality",
        "prm.recommendation.run.report",
    ]
    _description = "Recommendation Run"
    _order = "id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(
        RUN_STATES, required=True, default="waiting", readonly=True, index=True
    )
    date = fields.Datetime(
        "Requested on", required=True, default=fields.Datetime.now, readonly=True
    )
    requested_by_id = fields.Many2one(
        "res.users", readonly=True, help="Empty when the clock asked for it."
    )
    date_start = fields.Datetime("Started on", readonly=True)
    date_end = fields.Datetime("Ended on", readonly=True)
    duration = fields.Integer("Seconds", compute="_compute_duration")
    as_of = fields.Date("History until", readonly=True)

    # Who is at it, and since when nothing was heard of it
    heartbeat = fields.Datetime("Last Sign of Life", readonly=True)
    next_try = fields.Datetime("Not before", readonly=True)
    attempt = fields.Integer(readonly=True, aggregator=None)
    publish_count = fields.Integer(readonly=True, aggregator=None)
    host = fields.Char(readonly=True)
    pid = fields.Integer("Process", readonly=True, aggregator=None)
    pid_created = fields.Float("Process Created", digits=0, readonly=True)
    child_start = fields.Datetime("Calculation Started on", readonly=True)
    health_later = fields.Boolean("Health still to be worked out", readonly=True)
    progress = fields.Integer(readonly=True, aggregator=None)
    stage = fields.Char(readonly=True)
    is_open = fields.Boolean(compute="_compute_is_open")

    # What it worked on and what it cost
    config = fields.Json(readonly=True)
    inputs = fields.Json("Check Sums of the Input", readonly=True)
    stages = fields.Json("Costs by Stage", readonly=True)
    line_count = fields.Integer("Order Lines", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    reseller_count = fields.Integer("Resellers", readonly=True)
    product_count = fields.Integer("Products", readonly=True)
    recommendation_count = fields.Integer("Recommendations", readonly=True)
    worker_rss = fields.Integer("Memory of the Worker (MB)", readonly=True)
    worker_vms = fields.Integer("Virtual Memory of the Worker (MB)", readonly=True)
    child_rss = fields.Integer("Memory of the Calculation (MB)", readonly=True)
    child_vms = fields.Integer("Virtual Memory of the Calculation (MB)", readonly=True)

    # Why it failed
    error_code = fields.Char(readonly=True)
    error_params = fields.Json(readonly=True)
    error_detail = fields.Text("Technical Detail", readonly=True)

    _open_unique = models.UniqueIndex(
        "(company_id)"
        " WHERE state IN ('waiting', 'extracting', 'computing', 'publishing')"
    )

    @api.depends("date_start", "date_end")
    def _compute_duration(self):
        for run in self:
            span = run.date_start and run.date_end and run.date_end - run.date_start
            run.duration = span.total_seconds() if span else 0

    @api.depends("state")
    def _compute_is_open(self):
        for run in self:
            run.is_open = run.state in OPEN_STATES

    @api.depends("date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for run in self:
            run.display_name = run.date and format_datetime(self.env, run.date)

    # Actions

    def _check_manager(self):
        if not self.env.user.has_group(MANAGER_GROUP):
            raise AccessError(
                self.env._("Only a manager of resellers may start or stop a run.")
            )
        self.check_access("read")

    def action_run_now(self):
        """Work out the recommendations of the company at hand as soon as possible.

        :return: a message, or the page of the run where it may be seen
        """
        self._check_manager()
        company = self.env.company
        run = self._request_run(company, self.env.user)
        if not run:
            return self._notify(self.env._("A run is already waiting."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recommendation Run"),
            "res_model": self._name,
            "res_id": run.id,
            "view_mode": "form",
        }

    def action_retry(self):
        """Ask for a new run of a failed run's company."""
        self.ensure_one()
        self._check_manager()
        return self.with_company(self.company_id).action_run_now()

    def action_cancel(self):
        """Stop a run; the lists of before stay."""
        self._check_manager()
        for run in self.sudo().filtered("is_open"):
            run._stop("cancelled", user=self.env.user.name)

    def action_publish_held(self):
        """Publish what was held back: from now on its level is what is normal."""
        self.ensure_one()
        self._check_manager()
        self.sudo()._release(self.env.user)

    def action_view_history(self):
        """Open the chart of how good the runs were."""
        self._check_manager()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "prm_partner_portal.prm_recommendation_run_action_quality"
        )
        companies = self.company_id or self.env.companies
        return {**action, "domain": [("company_id", "in", companies.ids)]}

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "info"},
        }

    # Requests

    @api.model
    def _request_run(self, company, user=None):
        """Let a company's recommendations be worked out, once however often asked.

        :param res.company company:
        :param res.users user: who asks, None for the clock
        :return: the run that is open now, none where another worker just made one
        """
        runs = self.sudo().with_context(tracking_disable=True)
        run = runs.search(
            [("company_id", "=", company.id), ("state", "in", OPEN_STATES)], limit=1
        )
        if not run:
            try:
                with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                    run = runs.create(
                        {
                            "company_id": company.id,
                            "requested_by_id": user.id if user else False,
                        }
                    )
            except psycopg2.errors.UniqueViolation:
                return self.browse()
        self.env.ref("prm_partner_portal.ir_cron_prm_advance").sudo()._trigger()
        return self.browse(run.id)

    @api.model
    def _get_companies_due(self, now):
        """:return: companies with resellers for which a new run is due

        Due at night, where none was in the last 20 hours, and at any hour where
        none was for 30 hours: new companies, and servers that sleep at night.
        What lies ahead of a clock that was set back counts as never.
        """
        self.env["prm.relationship"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT r.company_id,
                       (SELECT max(CASE WHEN n.date_end <= %(now)s THEN n.date_end
                                        WHEN n.date <= %(now)s THEN n.date END)
                          FROM prm_recommendation_run n
                         WHERE n.company_id = r.company_id)
                  FROM prm_relationship r
                  JOIN res_company c ON c.id = r.company_id AND c.active
                 WHERE r.active
                 GROUP BY r.company_id
                 ORDER BY r.company_id
                """,
                now=now,
            )
        )
        due = [
            company_id
            for company_id, latest in self.env.cr.fetchall()
            if self._is_due(self.env["res.company"].browse(company_id), latest, now)
        ]
        return self.env["res.company"].browse(due)
