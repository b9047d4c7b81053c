from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

from ..models.const import OUTCOME_DAYS
from ..models.prm_recommendation_control import CONTROL_SHARE, PROBABILITY_CLASSES

# An answer before its time has to be this clear (Haybittle and Peto), because it is
# looked at more often than once.
CLEAR = 3.29


class PrmRecommendationControlReport(models.TransientModel):
    """What the control experiment says, in sentences."""

    _name = "prm.recommendation.control.report"
    _description = "Does It Pay?"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    verdict = fields.Text("Answer", compute="_compute_report")
    plan = fields.Text("What to Expect", compute="_compute_report")
    table_html = fields.Html(
        "By Probability", compute="_compute_report", sanitize=False
    )

    @api.model
    def action_open(self):
        """Open the report of the company at hand."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Does It Pay?"),
            "res_model": self._name,
            "res_id": self.create({}).id,
            "view_mode": "form",
        }

    @api.depends("company_id")
    def _compute_display_name(self):
        for report in self:
            report.display_name = self.env._("Does It Pay?")

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_report(self):
        for report in self:
            # sudo - prm.recommendation: sums over all resellers, for managers
            report.update(report.sudo()._prepare_report_values())

    def _prepare_report_values(self):
        from ..recommend.experiment import Stratum, risk_difference, smallest_effect

        company = self.company_id
        control = self.env["prm.recommendation.control"]
        plan = control._plan(company)
        classes = {}
        for number, arm, pairs, bought in control._count_outcomes(company):
            classes.setdefault(number, {})[arm] = (pairs, bought)
        strata = {
            number: Stratum(*arms.get("shown", (0, 0)), *arms.get("withheld", (0, 0)))
            for number, arms in classes.items()
        }
        found = risk_difference(strata.values())
        if not found:
            return {
                "verdict": self._get_beginning(plan),
                "plan": self._get_plan(plan),
                "table_html": False,
            }
        seen = sum(one.shown + one.withheld for one in strata.values())
        return {
            "verdict": self._get_verdict(plan, strata.values(), found, seen),
            "plan": self._get_precision(smallest_effect(strata.values())),
            "table_html": self._render_strata(strata),
        }

    def _number(self, share):
        """:return: of 100, with one decimal"""
        return formatLang(self.env, 100 * share, digits=1)

    # Before there are figures

    def _get_beginning(self, plan):
        control, company = self.env["prm.recommendation.control"], self.company_id
        first = control._get_first_day(company)
        if not control._is_on(company):
            return self._get_off(plan)
        if not first:
            return self.env._("The experiment begins with the next night's lists.")
        return self.env._(
            "Too early to tell. The experiment began on %(begin)s; the first figures"
            " stand here from %(day)s on.",
            begin=format_date(self.env, first),
            day=format_date(self.env, first + timedelta(days=OUTCOME_DAYS)),
        )

    def _get_off(self, plan):
        if self.company_id.prm_control == "off":
            return self.env._(
                "The experiment is switched off. Switch it on in the settings of"
                " resellers to learn whether the lists pay."
            )
        if plan["months"] is None:
            return self.env._(
                "There are no lists of active resellers yet. The experiment may begin"
                " with the night after the first ones."
            )
        return self.env._(
            "Off, because your company has too few resellers and orders for an answer"
            " within a year: nothing is withheld for an experiment that tells nothing."
            " You may switch it on in the settings of resellers all the same."
        )

    def _get_plan(self, plan):
        """:return: what the experiment can find and when, from the lists of now"""
        if plan["months"] is None:
            return False
        return self.env._(
            "Your lists hold %(pairs)s products of active resellers, of which about"
            " %(bought)s of 100 are ordered within 28 days. If listing a product makes"
            " a tenth more orders, the experiment will show it after about %(months)s"
            " months. The smallest difference that it can find within a year is"
            " %(smallest)s %% more orders.",
            pairs=formatLang(self.env, plan["pairs"], digits=0),
            bought=self._number(plan["share"]),
            months=plan["months"],
            smallest=formatLang(self.env, 100 * plan["smallest"], digits=0),
        )

    # With figures

    def _get_verdict(self, plan, strata, found, seen):
        clear = abs(found.value) >= CLEAR * found.error
        over = seen >= plan["needed"]
        if not (clear or over):
            left = self.env["prm.recommendation.control"]._count_months(
                plan["needed"] - seen, plan["pairs"]
            )
            sentence = (
                self.env._(
                    "Too early to tell: about %(months)s more months.", months=left
                )
                if left
                else self.env._("Too early to tell.")
            )
        elif found.low > 0:
            sentence = self.env._("It pays: what is listed is ordered more often.")
        elif found.high < 0:
            sentence = self.env._(
                "It does not pay: what is listed is ordered less often than what is"
                " withheld."
            )
        else:
            sentence = self.env._(
                "No difference can be seen: the experiment was long enough to find a"
                " tenth more orders."
            )
        return f"{sentence} {self._get_difference(strata, found)}"

    def _get_difference(self, strata, found):
        weights = [(one, one.shown + one.withheld) for one in strata if one.withheld]
        total = sum(weight for _one, weight in weights)
        withheld = sum(
            weight * one.withheld_bought / one.withheld for one, weight in weights
        )
        return self.env._(
            "Of 100 withheld products %(withheld)s were ordered within 28 days; of 100"
            " listed ones with the same prospects %(shown)s. That is a difference of"
            " %(value)s; with 95 %% certainty it lies between %(low)s and %(high)s.",
            withheld=self._number(withheld / total),
            shown=self._number(withheld / total + found.value),
            value=self._number(found.value),
            low=self._number(found.low),
            high=self._number(found.high),
        )

    def _get_precision(self, smallest):
        if not smallest:
            return False
        return self.env._(
            "With what is known so far, a difference of %(smallest)s of 100 or more"
            " would be noticed four times in five. %(share)s %% of the products are"
            " withheld.",
            smallest=self._number(smallest),
            share=formatLang(self.env, 100 * CONTROL_SHARE, digits=0),
        )

    def _render_strata(self, strata):
        heads = (
            self.env._("Predicted of 100"),
            self.env._("Listed"),
            self.env._("Ordered of 100"),
            self.env._("Withheld"),
            self.env._("Ordered of 100"),
        )
        edges = [0.0, *PROBABILITY_CLASSES, 1.0]
        rows = []
        for number, one in sorted(strata.items()):
            low, high = (
                formatLang(self.env, 100 * edge, digits=0)
                for edge in edges[number : number + 2]
            )
            cells = [f"{low} – {high}"]
            for pairs, bought in (
                (one.shown, one.shown_bought),
                (one.withheld, one.withheld_bought),
            ):
                cells.append(formatLang(self.env, pairs, digits=0))
                cells.append(self._number(bought / pairs) if pairs else "")
            rows.append(cells)
        table = self.env["prm.recommendation.run"]._render_table(heads, rows)
        return Markup("<div class='overflow-auto'>%s</div>") % table
