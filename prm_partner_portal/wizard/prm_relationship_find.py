from datetime import datetime, time, timezone
from zoneinfo import ZoneInfo

import psycopg2.errors
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools import SQL, mute_logger

CHUNK = 1000  # relationships made in one request: well below 30 s
MOST_ORDERS, MOST_MONTHS = 10_000, 120


class PrmRelationshipFind(models.TransientModel):
    """The search of one manager among the customers of one company.

    There is one for each manager and company, so that ticks outlive a reload.
    """

    _name = "prm.relationship.find"
    _description = "Find My Resellers"
    _transient_max_hours = 24.0

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    min_orders = fields.Integer("At Least Orders", required=True, default=3)
    months = fields.Integer("In the Last Months", required=True, default=12)
    line_ids = fields.One2many("prm.relationship.find.line", "find_id")
    batch_id = fields.Many2one(
        "prm.relationship.batch",
        "Batch under Way",
        ondelete="set null",
        help="Goes on where it was stopped.",
    )

    # What the page calls

    @api.model
    def action_open(self):
        """Look for customers anew and open the page."""
        self._get_or_create()._recount()
        return self.env["ir.actions.actions"]._for_xml_id(
            "prm_partner_portal.prm_relationship_find_line_action"
        )

    @api.model
    def get_summary(self):
        """:return: what stands above the list; ``fresh`` when the list was made anew"""
        find = self._get_own()
        fresh = not find
        if fresh:
            find = self._get_or_create()
            find._recount()
        lines = self.env["prm.relationship.find.line"]
        lines.flush_model()
        [[found, ticked, turnover]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*), count(*) FILTER (WHERE ticked),
                       COALESCE(sum(turnover) FILTER (WHERE ticked), 0)
                  FROM prm_relationship_find_line WHERE find_id = %s
                """,
                find.id,
            )
        )
        return {
            "fresh": fresh,
            "min_orders": find.min_orders,
            "months": find.months,
            "most_orders": MOST_ORDERS,
            "most_months": MOST_MONTHS,
            "found": found,
            "ticked": ticked,
            "turnover": float(turnover),
            "currency_id": find.company_id.currency_id.id,
            "company": find.company_id.name if len(self.env.companies) > 1 else False,
            "last": self.env["prm.relationship.batch"]._get_last(find.company_id),
        }

    @api.model
    def recount(self, min_orders, months):
        """Look for customers with other limits.

        :param int min_orders: confirmed orders at least
        :param int months: in so many last months
        """
        find = self._get_or_create()
        self._check_limit(self.env._("Orders"), min_orders, MOST_ORDERS)
        self._check_limit(self.env._("Months"), months, MOST_MONTHS)
        # sudo - prm.relationship.find: one's own, by a manager
        find.sudo().write({"min_orders": min_orders, "months": months})
        find._recount()

    @api.model
    def tick(self, ticked, domain):
        """Tick or untick all customers that a search shows.

        :param bool ticked:
        :param list domain: of the list
        """
        find = self._get_or_create()
        lines = self.env["prm.relationship.find.line"]
        query = lines._search([("find_id", "=", find.id), *domain])
        self.env.cr.execute(
            SQL(
                "UPDATE prm_relationship_find_line SET ticked = %s"
                " WHERE ticked IS DISTINCT FROM %s AND id IN %s",
                bool(ticked),
                bool(ticked),
                query.subselect(),
            )
        )
        lines.invalidate_model(["ticked"])

    @api.model
    def make(self):
        """Make relationships of the next ticked customers, in one short transaction.

        Killed or stopped between two calls nothing is lost and nothing made twice: what
        was made is no customer to be found any more.

        :return: dict of ``done`` and ``left`` customers; ``busy`` while somebody else
            makes some; the ``action`` that shows the batch once nothing is left
        """
        find = self._get_or_create()
        if not self._lock(find.company_id):
            return {"busy": True, "done": 0, "left": self._count_ticked(find)}
        lines = self.env["prm.relationship.find.line"].search(
            [("find_id", "=", find.id), ("ticked", "=", True)],
            order="partner_id",
            limit=CHUNK,
        )
        batch = find.batch_id.filtered(lambda one: not one.undone_date)
        if not (lines or batch):
            raise UserError(self.env._("Tick at least one customer."))
        if not batch:
            batch = self._create_batch(find)
        done = len(lines)
        if lines:
            self._make(batch, lines)
        left = self._count_ticked(find)
        if not left:
            # sudo - prm.relationship.find: one's own, by a manager
            find.sudo().batch_id = False
        return {"done": done, "left": left, "action": not left and batch._get_action()}

    @api.model
    def action_stop(self):
        """:return: the page of what was made before it was stopped, if anything was"""
        find = self._get_or_create()
        batch = find.batch_id
        # sudo - prm.relationship.find: one's own, by a manager
        find.sudo().batch_id = False
        return batch._get_action() if batch else False

    # Own search

    @api.model
    def _get_own(self):
        self.env["prm.relationship"]._check_manager()
        return self.search(
            [
                ("company_id", "=", self.env.company.id),
                ("create_uid", "=", self.env.uid),
            ],
            limit=1,
        )

    @api.model
    def _get_or_create(self):
        find = self._get_own()
        # sudo - prm.relationship.find: only a manager gets here
        return find or self.browse(
            self.sudo().create({"company_id": self.env.company.id}).id
        )

    def _recount(self):
        self.env["prm.relationship.find.line"]._refill(self)

    def _check_limit(self, name, value, most):
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not (whole and 1 <= value <= most):
            raise ValidationError(
                self.env._(
                    "%(field)s: “%(found)s” is not a whole number from 1 to %(most)s.",
                    field=name,
                    found=value,
                    most=most,
                )
            )

    def _get_since(self):
        """:return: midnight of the day so many months ago, where the company is"""
        zone = self.company_id._prm_get_timezone()
        day = self.company_id._prm_get_today(zone) - relativedelta(months=self.months)
        local = datetime.combine(day, time.min, tzinfo=ZoneInfo(zone))
        return local.astimezone(timezone.utc).replace(tzinfo=None)

    def _count_ticked(self, find):
        return self.env["prm.relationship.find.line"].search_count(
            [("find_id", "=", find.id), ("ticked", "=", True)]
        )

    # Making

    @api.model
    def _lock(self, company):
        """Two managers that make the same relationships take turns.

        :return: whether it is this one's turn, until the end of the transaction
        """
        self.env.cr.execute(
            SQL(
                "SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)",
                self._name,
                company.id,
            )
        )
        return self.env.cr.fetchone()[0]

    def _create_batch(self, find):
        batches = self.env["prm.relationship.batch"]
        # sudo - prm.relationship.batch: only a manager gets here
        batch = batches.browse(
            batches.sudo()
            .create(
                {
                    "company_id": find.company_id.id,
                    "user_id": self.env.uid,
                    "min_orders": find.min_orders,
                    "months": find.months,
                }
            )
            .id
        )
        # sudo - prm.relationship.find: one's own, by a manager
        find.sudo().batch_id = batch
        return batch

    def _make(self, batch, lines):
        """:raise ConcurrencyError: when somebody made one of them since this
        transaction began: it is to be tried again and will leave that one out"""
        eligible = lines.browse(lines._query_eligible())
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                batch._add(eligible)
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.constraint_name != "prm_relationship_company_partner_unique":
                raise
            raise ConcurrencyError("A customer became a reseller meanwhile") from error
        # sudo: bookkeeping of what a manager made
        batch.sudo().skipped_count += len(lines) - len(eligible)
        lines.sudo().unlink()
