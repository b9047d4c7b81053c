from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.tools import float_round
from odoo.tools.misc import babel_locale_parse, formatLang, get_lang

from ..const import STYLES

# The library's names of what is compared, and ours.
METHODS = {"engine": "engine", "bestsellers": "bestsellers", "own_usual": "usual"}
PRIORITY_METHODS = {
    "likelihood": "engine",
    "turnover": "turnover",
    "margin": "margin",
}
METRICS = {
    "precision@10": "precision",
    "recall@10": "recall",
    "ndcg@10": "ndcg",
    "hit@10": "hit",
}


def _metric(label, places=4):
    return fields.Float(label, digits=(16, places), readonly=True, aggregator="avg")


class PrmRecommendationRunQuality(models.AbstractModel):
    """How good a run's lists would have been, in a manager's words."""

    _name = "prm.recommendation.run.quality"
    _description = "Quality of a Recommendation Run"

    backtest = fields.Json(readonly=True)
    backtest_reason = fields.Char("Why there is no Comparison", readonly=True)
    cutoff = fields.Date("Compared from", readonly=True)
    judged_count = fields.Integer("Resellers Judged", readonly=True)
    engine_bought = _metric("Bought of 10: Recommendations", 2)
    bestsellers_bought = _metric("Bought of 10: Bestsellers", 2)
    usual_bought = _metric("Bought of 10: Own usual Products", 2)
    engine_precision = _metric("Precision@10: Recommendations")
    bestsellers_precision = _metric("Precision@10: Bestsellers")
    usual_precision = _metric("Precision@10: Own usual Products")
    engine_recall = _metric("Recall@10: Recommendations")
    bestsellers_recall = _metric("Recall@10: Bestsellers")
    usual_recall = _metric("Recall@10: Own usual Products")
    engine_ndcg = _metric("nDCG@10: Recommendations")
    bestsellers_ndcg = _metric("nDCG@10: Bestsellers")
    usual_ndcg = _metric("nDCG@10: Own usual Products")
    engine_hit = _metric("Hit Rate@10: Recommendations")
    bestsellers_hit = _metric("Hit Rate@10: Bestsellers")
    usual_hit = _metric("Hit Rate@10: Own usual Products")
    summary = fields.Char("How Good", compute="_compute_summary")
    style_cost = fields.Char("Safe or New", compute="_compute_costs")
    priority_cost = fields.Char("Order of the Lists", compute="_compute_costs")
    error = fields.Char("What went wrong", compute="_compute_error")

    def _prepare_quality_values(self, result):
        """:return: values of these fields from the library's result"""
        backtest = result.get("backtest")
        values = {
            "backtest": backtest or False,
            "backtest_reason": str(result.get("backtest_reason") or "")[:500],
        }
        if not backtest:
            return values
        values["cutoff"] = fields.Date.to_date(backtest["cutoff"])
        values["judged_count"] = int(backtest["judged"])
        for name, ours in METHODS.items():
            figures = backtest.get(name, {}).get("all") or {}
            for metric, field in METRICS.items():
                values[f"{ours}_{field}"] = float(figures.get(metric) or 0)
            values[f"{ours}_bought"] = 10 * values[f"{ours}_precision"]
        return values

    @api.depends("state", "cutoff", "backtest", "line_count")
    @api.depends_context("lang")
    def _compute_summary(self):
        for run in self:
            run.summary = run._get_summary()

    def _get_summary(self):
        self.ensure_one()
        if self.state != "done":
            return False
        if not self.line_count:
            return self.env._(
                "There are no confirmed orders of resellers yet: nothing to learn from."
            )
        if not self.cutoff:
            return self.env._(
                "The history is too short to say how good the lists are: that takes"
                " three months of orders before the last 28 days, and ten resellers"
                " that bought in them."
            )

        locale = babel_locale_parse(get_lang(self.env).code)

        def number(value):
            # As the list rounds: half up, not half to even.
            return formatLang(self.env, float_round(value, 1), digits=1)

        return self.env._(
            "Of 10 products we would have offered on %(day)s to each reseller,"
            " %(engine)s were bought within %(days)s days; bestsellers %(bestsellers)s;"
            " their own usual products %(usual)s.",
            day=format_skeleton("MMMMd", self.cutoff, locale=locale),
            days=self.backtest["days"],
            engine=number(self.engine_bought),
            bestsellers=number(self.bestsellers_bought),
            usual=number(self.usual_bought),
        )

    @api.depends("backtest")
    @api.depends_context("lang")
    def _compute_costs(self):
        for run in self:
            run.style_cost = run._get_style_cost()
            run.priority_cost = run._get_priority_cost()

    def _of_ten(self, method, name, metric):
        """:return: so many of 10, or None where the backtest does not say"""
        figures = ((self.backtest or {}).get(method) or {}).get(name) or {}
        share = figures.get(metric)
        return None if share is None else formatLang(self.env, 10 * share, digits=1)

    def _get_style_cost(self):
        """:return: what being safe or new costs, on the company's own orders"""
        bought = {name: self._of_ten("style", name, "bought_share") for name in STYLES}
        if None in bought.values():
            return False
        fresh = {name: self._of_ten("style", name, "new_share") for name in STYLES}
        return self.env._(
            "Tested on the last weeks: of 10 products shown first, %(safe)s were bought"
            " where the lists are safe, %(balanced)s where they are balanced, %(new)s"
            " where they are new. New to the reseller were %(safe_new)s,"
            " %(balanced_new)s and %(new_new)s of 10.",
            **bought,
            **{f"{name}_new": value for name, value in fresh.items()},
        )

    def _get_priority_cost(self):
        """:return: what another order than that of likelihood costs"""
        bought = {
            name: self._of_ten(method, "all", "precision@10")
            for name, method in PRIORITY_METHODS.items()
        }
        if not bought["likelihood"] or not bought["turnover"]:
            return False
        if not bought["margin"]:
            return self.env._(
                "Tested on the last weeks: of 10 products offered, %(likelihood)s were"
                " bought in the order of likelihood, %(turnover)s in that of turnover."
                " The margin needs the cost of your products.",
                **bought,
            )
        return self.env._(
            "Tested on the last weeks: of 10 products offered, %(likelihood)s were"
            " bought in the order of likelihood, %(turnover)s in that of turnover,"
            " %(margin)s in that of margin.",
            **bought,
        )

    @api.depends("error_code", "error_params")
    @api.depends_context("lang")
    def _compute_error(self):
        for run in self:
            run.error = run._get_error() if run.error_code else False

    def _get_error(self):
        """:return: what went wrong, in words for who sells"""
        params = self.error_params or {}
        texts = {
            "cancelled": self.env._("%(user)s stopped this run."),
            "no_answer": self.env._(
                "The calculation ended without an answer: the server was stopped, or"
                " its memory was used up."
            ),
            "memory": self.env._(
                "The calculation needs more memory than this server lets it have."
            ),
            "interrupted": self.env._(
                "The server was stopped each time while it worked at this."
            ),
            "too_long": self.env._(
                "The calculation took longer than %(minutes)s minutes and was stopped."
            ),
            "refused": self.env._(
                "The calculation cannot work with this history: %(message)s"
            ),
            "answer": self.env._(
                "The calculation's answer is damaged or not the one asked for. Nothing"
                " of it was used."
            ),
            "row": self.env._(
                "Row %(row)s of the calculation's answer is not right: column"
                " “%(column)s” holds “%(found)s”. Nothing of it was used."
            ),
            "storage": self.env._(
                "Files cannot be written below %(folder)s: no space is left, or it may"
                " not be written."
            ),
            "no_start": self.env._("The calculation could not be started."),
            "superseded": self.env._(
                "These lists were held back, and a later run has taken their place."
            ),
        }
        text = texts.get(self.error_code) or self.env._(
            "Something unexpected happened; the technical detail says what."
        )
        return text % params
