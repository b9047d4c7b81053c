import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

SERIES = {"engine": "#017e84", "usual": "#b5838d", "bestsellers": "#8d99ae"}
WIDTH, HEIGHT, LEFT, BOTTOM = 640, 200, 30, 20
CHART_RUNS = 60


class PrmRecommendationRunReport(models.AbstractModel):
    """Tables and the chart of a run's page."""

    _name = "prm.recommendation.run.report"
    _description = "Page of a Recommendation Run"

    stages_html = fields.Html("Stages", compute="_compute_stages_html", sanitize=False)
    quality_html = fields.Html(
        "How Good by Purpose", compute="_compute_quality_html", sanitize=False
    )
    chart_html = fields.Html(
        "How Good over Time", compute="_compute_chart_html", sanitize=False
    )
    config_text = fields.Text("Configuration", compute="_compute_config_text")

    @api.depends("config")
    def _compute_config_text(self):
        for run in self:
            run.config_text = run.config and json.dumps(
                run.config, indent=2, sort_keys=True
            )

    @api.depends("stages")
    @api.depends_context("lang")
    def _compute_stages_html(self):
        for run in self:
            run.stages_html = run._render_stages() if run.stages else False

    @api.depends("backtest")
    @api.depends_context("lang")
    def _compute_quality_html(self):
        for run in self:
            run.quality_html = run._render_quality() if run.backtest else False

    @api.depends("state")
    @api.depends_context("lang")
    def _compute_chart_html(self):
        for run in self:
            run.chart_html = run._render_chart(run._get_chart_runs())

    def _get_method_labels(self):
        return {
            "engine": self.env._("Recommendations"),
            "usual": self.env._("Own usual products"),
            "bestsellers": self.env._("Bestsellers"),
        }

    def _render_table(self, heads, rows):
        """:return: a small table; the first column is text, the others numbers"""

        def render(tag, cells):
            return Markup("<tr>%s</tr>") % Markup().join(
                Markup("<%s class='%s'>%s</%s>")
                % (tag, "text-end" if place else "", cell, tag)
                for place, cell in enumerate(cells)
            )

        return Markup(
            "<table class='table table-sm w-auto'><thead>%s</thead>"
            "<tbody>%s</tbody></table>"
        ) % (render("th", heads), Markup().join(render("td", row) for row in rows))

    def _render_stages(self):
        heads = (
            self.env._("Stage"),
            self.env._("Seconds"),
            self.env._("Memory (MB)"),
            self.env._("SQL Statements"),
        )
        names = {
            "extract": self.env._("Read the history, work out the health"),
            "health": self.env._("Work out the health"),
            "compute": self.env._("Start the calculation"),
            "read": self.env._("Calculation: read"),
            "check": self.env._("Calculation: check"),
            "backtest": self.env._("Calculation: judge the last weeks"),
            "learn": self.env._("Calculation: learn"),
            "recommend": self.env._("Calculation: make the lists"),
            "together": self.env._("Calculation: find what goes together"),
            "write": self.env._("Calculation: write"),
            "publish": self.env._("Check and publish"),
        }
        rows = [
            (
                names.get(stage["name"], stage["name"]),
                formatLang(self.env, stage.get("seconds") or 0, digits=1),
                stage.get("peak_mb") or "",
                stage.get("statements") or "",
            )
            for stage in self.stages
        ]
        return self._render_table(heads, rows)

    def _render_quality(self):
        """Every figure of the comparison, for who wants to look under the sentence."""
        heads = (
            "",
            self.env._("Bought of 10"),
            self.env._("Recall@10"),
            self.env._("nDCG@10"),
            self.env._("Resellers with a Hit"),
        )
        purposes = {
            "all": self.env._("all"),
            "reorder": self.env._("bought before"),
            "discover": self.env._("new to them"),
        }
        methods = self._get_method_labels()
        rows = []
        for purpose, label in purposes.items():
            for method, name in methods.items():
                source = "own_usual" if method == "usual" else method
                figures = self.backtest.get(source, {}).get(purpose) or {}
                if figures.get("precision@10") is not None:
                    rows.append((f"{name}, {label}", *self._format_figures(figures)))
        orders = {
            "turnover": self.env._("Recommendations by turnover, all"),
            "margin": self.env._("Recommendations by margin, all"),
        }
        for method, name in orders.items():
            figures = self.backtest.get(method, {}).get("all") or {}
            if figures.get("precision@10") is not None:
                rows.append((name, *self._format_figures(figures)))
        return self._render_table(heads, rows)

    def _format_figures(self, figures):
        bought = 10 * (figures.get("precision@10") or 0)
        hit = 100 * (figures.get("hit@10") or 0)
        return (
            formatLang(self.env, bought, digits=1),
            formatLang(self.env, figures.get("recall@10") or 0, digits=3),
            formatLang(self.env, figures.get("ndcg@10") or 0, digits=3),
            f"{formatLang(self.env, hit, digits=0)} %",
        )

    # Chart

    def _get_chart_runs(self):
        """:return: the latest runs of the company that were compared, oldest first"""
        if not self.company_id:
            return self.browse()
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "done"),
                ("cutoff", "!=", False),
            ],
            order="date desc",
            limit=CHART_RUNS,
        ).sorted("date")

    def _render_chart(self, runs):
        """:return: bought of 10 over the runs, a line for each method"""
        if len(runs) < 2:
            return False
        most = max(max(runs.mapped(f"{method}_bought")) for method in SERIES) or 1
        labels = self._get_method_labels()
        parts = [
            self._render_line(runs.mapped(f"{method}_bought"), most, color)
            for method, color in SERIES.items()
        ]
        legend = Markup().join(
            Markup("<span class='me-3' style='color: %s'>&#9679; %s</span>")
            % (color, labels[method])
            for method, color in SERIES.items()
        )
        title = self.env._("Bought of 10 products offered, by run")
        return Markup(
            "<figure class='overflow-auto'><figcaption>%s: %s</figcaption>"
            "<svg viewBox='0 0 %s %s' class='w-100'"
            " style='min-width: 30rem; max-width: 50rem'>"
            "<text x='0' y='12' font-size='11'>%s</text>"
            "<text x='%s' y='%s' font-size='11'>%s</text>"
            "<text x='%s' y='%s' font-size='11' text-anchor='end'>%s</text>%s"
            "</svg></figure>"
        ) % (
            title,
            legend,
            WIDTH,
            HEIGHT,
            formatLang(self.env, most, digits=1),
            LEFT,
            HEIGHT - 4,
            format_date(self.env, runs[0].date.date()),
            WIDTH,
            HEIGHT - 4,
            format_date(self.env, runs[-1].date.date()),
            Markup().join(parts),
        )

    def _render_line(self, values, most, color):
        step = (WIDTH - LEFT) / (len(values) - 1)
        height = HEIGHT - BOTTOM - 6
        points = " ".join(
            f"{LEFT + place * step:.1f},{6 + height * (1 - value / most):.1f}"
            for place, value in enumerate(values)
        )
        return Markup(
            "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>"
        ) % (points, color)
