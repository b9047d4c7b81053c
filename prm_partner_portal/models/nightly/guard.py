import math
import statistics
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date, formatLang

from ..const import MANAGER_GROUP, RUNNING_STATES

# Published runs whose middle is the level that is normal.
COMPARED_RUNS = 5
# A fall within so many standard errors, or of a smaller share, may be chance.
STANDARD_ERRORS = 3
LEAST_FALL = 0.2
# Half of fewer orders, lines or resellers than these may be gone by chance.
LEAST_COUNTS = {"orders": 20, "lines": 50, "buyers": 6}
COUNT_FIELDS = {
    "orders": "recent_order_count",
    "lines": "line_count",
    "buyers": "buyer_count",
}
# Older than this, the lists that stand are worse than any that are held back.
HOLD_DAYS = 14
SIMPLE_METHODS = ("own_recent", "own_usual")
# Where these settings changed, a shorter history was wanted.
HISTORY_SETTINGS = ("history_months", "include_services")


class PrmRecommendationRunGuard(models.AbstractModel):
    """Lists that look worse than chance allows do not replace those that stand.

    A run is compared with the runs published before it, back to the last one that was
    published although it looked wrong: after that, its level is the normal one. A
    manager may do that; two weeks after the last publication it happens by itself, so
    that nothing is held for ever.
    """

    _name = "prm.recommendation.run.guard"
    _description = "Guard of the Recommendations that Stand"

    recent_order_count = fields.Integer(
        "Orders of the last 28 Days", readonly=True, aggregator=None
    )
    buyer_count = fields.Integer(
        "Resellers with Orders", readonly=True, aggregator=None
    )
    doubts = fields.Json("What Looks Wrong", readonly=True)
    doubt_head = fields.Text("What Became of it", compute="_compute_doubt_text")
    doubt_text = fields.Text("Why it is Held Back", compute="_compute_doubt_text")
    doubt_advice = fields.Text("What to Do", compute="_compute_doubt_text")
    hold_until = fields.Date("Held Back until", readonly=True)
    confirmed_by_id = fields.Many2one("res.users", readonly=True)

    @api.depends("state", "doubts", "hold_until", "confirmed_by_id")
    @api.depends_context("lang")
    def _compute_doubt_text(self):
        for run in self:
            run.doubt_head = run._get_doubt_head() if run.doubts else False
            run.doubt_text = "\n".join(map(run._get_doubt_text, run.doubts or ()))
            run.doubt_advice = run._get_advice() if run.state == "held" else False

    def _get_doubt_head(self):
        """:return: what became of a run that looks wrong"""
        if self.state == "held":
            return self.env._(
                "These lists are held back, and those of before stand, because"
                " something looks wrong:"
            )
        if self.state != "done":
            return False
        if self.confirmed_by_id:
            return self.env._(
                "This looked wrong, and %(user)s published it as right:",
                user=self.confirmed_by_id.name,
            )
        return self.env._(
            "This looked wrong, and was published all the same, because the lists of"
            " before were two weeks old:"
        )

    def _get_advice(self):
        """:return: what a manager does about a run that is held back"""
        return self.env._(
            "Look whether orders are missing, for instance because an import failed or"
            " resellers were archived. If so, mend it and work out again. If the"
            " figures are right, publish: from then on they are what is normal. Without"
            " a decision, lists are published again from %(day)s on.",
            day=format_date(self.env, self.hold_until),
        )

    def _get_doubt_text(self, doubt):
        """:return: a doubt in a sentence for who sells"""
        texts = {
            "orders": self.env._(
                "%(now)s confirmed orders in the last 28 days; the last published run"
                " counted %(before)s."
            ),
            "lines": self.env._(
                "%(now)s order lines in the whole history; the last published run read"
                " %(before)s."
            ),
            "buyers": self.env._(
                "%(now)s resellers have orders; at the last published run %(before)s"
                " had."
            ),
            "quality": self.env._(
                "Tested on the last weeks, the lists hit much less than those of the"
                " last runs: %(now)s instead of %(before)s (nDCG@10). Chance does not"
                " explain that."
            ),
            "baseline": self.env._(
                "Tested on the last weeks, simply repeating what each reseller buys"
                " would have hit more: %(before)s against %(now)s (nDCG@10)."
            ),
        }
        digits = 0 if doubt["code"] in COUNT_FIELDS else 3
        return texts[doubt["code"]] % {
            name: formatLang(self.env, doubt[name], digits=digits)
            for name in ("now", "before")
        }

    # Compare

    def _get_published(self):
        """:return: the runs that say what is normal, newest first"""
        runs = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "done"),
                ("id", "!=", self.id),
            ],
            order="date_end desc, id desc",
            limit=COMPARED_RUNS,
        )
        for place, run in enumerate(runs):
            if run.doubts:
                return runs[: place + 1]
        return runs

    def _prepare_hold_values(self, values):
        """:param dict values: what is about to be written on the run
        :return: values that hold it back, or name doubts that nobody waits for"""
        published = self._get_published()
        doubts = self._find_doubts(published, values)
        if self.confirmed_by_id:
            return {"hold_until": False}
        latest = published[:1].date_end or fields.Datetime.now()
        until = latest + timedelta(days=HOLD_DAYS)
        held = doubts and fields.Datetime.now() < until
        return {
            "doubts": doubts or False,
            "hold_until": until.date() if held else False,
            "state": "held" if held else values["state"],
            "stage": False,
        }

    def _find_doubts(self, published, values):
        if not published:
            return []
        return [
            *self._find_missing(published[0], values["config"]),
            *self._find_fall(published, values.get("backtest") or {}),
        ]

    def _find_missing(self, latest, config):
        """Half of what the last published run counted is gone."""
        known = latest.config or {}
        same = all(known.get(name) == config.get(name) for name in HISTORY_SETTINGS)
        for code, name in COUNT_FIELDS.items():
            if (
                (same or code == "orders")
                and latest[name] >= LEAST_COUNTS[code]
                and 2 * self[name] < latest[name]
            ):
                yield {"code": code, "now": self[name], "before": latest[name]}

    def _find_fall(self, published, backtest):
        """The lists are worse than those of before, or than what is simple."""
        now, error = self._get_level(backtest)
        levels = [self._get_level(run.backtest or {}) for run in published]
        levels = [level for level in levels if level[0] is not None]
        if now is None or not levels:
            return
        before = statistics.median(level for level, _error in levels)
        error_before = statistics.median(error for _level, error in levels)
        noise = STANDARD_ERRORS * math.hypot(error, error_before)
        if now < before - noise and now <= before * (1 - LEAST_FALL):
            yield {"code": "quality", "now": now, "before": before}
        simple = max(self._get_level(backtest, name)[0] or 0 for name in SIMPLE_METHODS)
        if now < simple - STANDARD_ERRORS * error and now < before:
            yield {"code": "baseline", "now": now, "before": simple}

    def _get_level(self, backtest, method="engine"):
        """:return: nDCG@10 over all products with its standard error, or None, 0"""
        figures = (backtest.get(method) or {}).get("all") or {}
        return figures.get("ndcg@10"), figures.get("ndcg@10_se") or 0.0

    # Hold and release

    def _follow_hold(self):
        """Tell managers once of lists that are held back; later ones take their place.

        Who was told keeps one activity, which moves to the run that can be published.
        """
        if self.state not in ("held", "done"):
            return
        before = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "held"),
                ("id", "!=", self.id),
            ]
        )
        activities = before.activity_ids
        if self.state == "done":
            (activities | self.activity_ids).unlink()
        elif before:
            activities.res_id = self.id
        else:
            self._alert_managers()
        for run in before:
            run._stop("superseded")

    def _alert_managers(self):
        # sudo - res.groups: who is a manager, whoever the clock works for
        users = self.env.ref(MANAGER_GROUP).sudo().all_user_ids
        for user in users.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        ):
            run = self.with_context(lang=user.lang)
            run.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=run.env._("Recommendations are held back"),
                note=run._get_alert(),
            )

    def _get_alert(self):
        return self.env._(
            "%(reasons)s The lists of before stand. %(advice)s",
            reasons=" ".join(self.doubt_text.splitlines()),
            advice=self.doubt_advice,
        )

    def _release(self, user):
        """Let a run that is held back be published.

        :param res.users user: who says that its figures are right
        :raise UserError: where it is too late or too early for that
        """
        if self.state != "held":
            raise UserError(self.env._("This run is not held back."))
        busy = ("waiting", *RUNNING_STATES)
        if self.search_count(
            [("company_id", "=", self.company_id.id), ("state", "in", busy)], limit=1
        ):
            raise UserError(
                self.env._("Another run is under way: wait until it is done.")
            )
        self.write(
            {
                "state": "publishing",
                "confirmed_by_id": user.id,
                "date_end": False,
                "publish_count": 0,
                "next_try": False,
            }
        )
        self.env.ref("prm_partner_portal.ir_cron_prm_advance").sudo()._trigger()
