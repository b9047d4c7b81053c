import math

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .const import ARMS, CONTROL_PERIOD_DAYS, KINDS, OUTCOME_DAYS

# Upper ends of the classes of predicted probability that are compared.
PROBABILITY_CLASSES = [0.02, 0.05, 0.1, 0.2, 0.4]
CONTROL_SHARE = 0.05
# The experiment is planned to find a tenth more purchases.
RELATIVE_EFFECT = 0.1
# A period's pairs are kept for two more: whether the experiment goes on is told by
# them, and orders that are confirmed or cancelled late change what came of them.
KEPT_DAYS = 3 * CONTROL_PERIOD_DAYS
# What is bought for sure leaves nothing to find; a handful of pairs proves nothing.
MOST_CERTAIN, LEAST_WITHHELD = 0.9, 100
MOST_MONTHS, MOST_MONTHS_RUNNING = 12, 18
MONTH_DAYS = 30.44


class PrmRecommendationControl(models.Model):
    """What would have been listed, and whether it was: append-only.

    A pair of reseller and product counts from the first day on that it would have
    been listed in a period, and as it was drawn, whoever looked at the list or not.
    """

    _name = "prm.recommendation.control"
    _description = "Pair of the Control Experiment"
    _order = "id desc"
    _rec_name = "product_id"
    _log_access = False

    relationship_id = fields.Many2one(
        "prm.relationship", "Reseller", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    period_start = fields.Date(required=True)
    date = fields.Date("First Day", required=True)
    kind = fields.Selection(KINDS, required=True)
    probability = fields.Float(required=True, aggregator="avg")
    arm = fields.Selection(ARMS, required=True)

    _once = models.Constraint(
        "UNIQUE (relationship_id, product_id, period_start)",
        "A product is drawn once for a reseller and period.",
    )
    _company_date = models.Index("(company_id, date)")
    _product = models.Index("(product_id)")

    def write(self, vals):
        if self:
            raise UserError(self.env._("What was drawn is not changed afterwards."))
        return super().write(vals)

    @api.model
    def _load(self, company, path, period_start):
        """Add the pairs of a file that are new in their period.

        Only resellers that may be offered something take part, and only pairs whose
        outcome is known before the next draw.

        :param res.company company:
        :param Path path: file of the library
        :param date period_start: first day of the period they were drawn for
        """
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                DROP TABLE IF EXISTS prm_control_staging;
                CREATE TEMP TABLE prm_control_staging (
                    relationship_id int, product_id int, rank int,
                    probability float8 CHECK (probability BETWEEN 0 AND 1),
                    kind varchar CHECK (kind IN ('due', 'new')),
                    arm varchar CHECK (arm IN ('shown', 'withheld'))
                ) ON COMMIT DROP
                """
            )
        )
        with path.open("rb") as file:
            cr.copy_expert(
                "COPY prm_control_staging FROM STDIN WITH (FORMAT csv, HEADER)", file
            )
        cr.execute(
            SQL(
                """
                INSERT INTO prm_recommendation_control
                       (relationship_id, company_id, product_id, period_start, date,
                        kind, probability, arm)
                SELECT s.relationship_id, r.company_id, s.product_id, %(start)s::date,
                       %(today)s::date, s.kind, s.probability, s.arm
                  FROM prm_control_staging s
                  JOIN prm_relationship r ON r.id = s.relationship_id
                                         AND r.company_id = %(company)s
                                         AND r.state = 'active'
                  JOIN product_product p ON p.id = s.product_id
                 WHERE %(today)s::date + %(outcome)s
                       <= %(start)s::date + %(period)s
                 ORDER BY s.relationship_id, s.product_id
                    ON CONFLICT (relationship_id, product_id, period_start) DO NOTHING
                """,
                start=period_start,
                today=company._prm_get_today(),
                company=company.id,
                outcome=OUTCOME_DAYS,
                period=CONTROL_PERIOD_DAYS,
            )
        )

    @api.model
    def _count_outcomes(self, company):
        """Count the pairs whose 28 days are over, and those that were bought in them.

        :return: tuples (class of probability, arm, pairs, bought), by class
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                WITH %(outcomes)s
                SELECT class, arm, sum(pairs)::bigint, sum(bought)::bigint
                  FROM (SELECT class, arm, count(*) AS pairs,
                               count(*) FILTER (WHERE bought) AS bought
                          FROM outcome GROUP BY class, arm
                         UNION ALL
                        SELECT class_number, arm, pairs, bought
                          FROM prm_recommendation_control_result
                         WHERE company_id = %(company)s) every
                 GROUP BY class, arm
                 ORDER BY class, arm
                """,
                outcomes=self._get_outcomes_query(company, SQL("TRUE")),
                company=company.id,
            )
        )

    @api.model
    def _get_outcomes_query(self, company, condition):
        """:param SQL condition: on the pairs (c)
        :return: SQL of a WITH: outcome (id, period_start, date, arm, class, bought) of
            the company's pairs whose 28 days are over
        """
        return SQL(
            """
            known AS MATERIALIZED (
                SELECT c.id, c.relationship_id, c.product_id, c.period_start, c.date,
                       c.arm,
                       width_bucket(c.probability, %(classes)s::float8[]) AS class
                  FROM prm_recommendation_control c
                 WHERE c.company_id = %(company)s
                   AND c.date + %(outcome)s <= %(today)s
                   AND %(condition)s
            ), bought AS (
                SELECT DISTINCT known.id
                  FROM known
                  JOIN sale_order o ON o.prm_relationship_id = known.relationship_id
                                   AND o.company_id = %(company)s
                                   AND o.state = 'sale'
                  JOIN sale_order_line l ON l.order_id = o.id
                                        AND l.product_id = known.product_id
                                        AND l.product_uom_qty > 0
                 WHERE (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                       BETWEEN known.date AND known.date + %(outcome)s - 1
            ), outcome AS (
                SELECT known.*, bought.id IS NOT NULL AS bought
                  FROM known
                  LEFT JOIN bought ON bought.id = known.id
            )
            """,
            classes=PROBABILITY_CLASSES,
            company=company.id,
            outcome=OUTCOME_DAYS,
            today=company._prm_get_today(),
            condition=condition,
            zone=company._prm_get_timezone(),
        )

    @api.autovacuum
    def _gc_counted(self):
        """Daily: periods that are long over are kept as sums, not pair by pair."""
        groups = self._read_group(
            [("period_start", "<=", f"today -{KEPT_DAYS - 1}d")], ["company_id"]
        )
        for (company,) in groups:
            self._settle(company)

    @api.model
    def _settle(self, company):
        """Count the outcomes of periods that are long over, and drop their pairs.

        An order that is confirmed or cancelled late still counts until then.

        :return: how many pairs were dropped
        """
        self.env.flush_all()
        last = fields.Date.subtract(company._prm_get_today(), days=KEPT_DAYS)
        condition = SQL("c.period_start <= %s", last)
        self.env.cr.execute(
            SQL(
                """
                WITH %(outcomes)s, counted AS (
                    INSERT INTO prm_recommendation_control_result AS r
                           (company_id, period_start, date, class_number, arm, pairs,
                            bought)
                    SELECT %(company)s, period_start, min(date), class, arm, count(*),
                           count(*) FILTER (WHERE bought)
                      FROM outcome
                     GROUP BY period_start, class, arm
                        ON CONFLICT (company_id, period_start, class_number, arm)
                     DO UPDATE
                       SET date = LEAST(r.date, EXCLUDED.date),
                           pairs = r.pairs + EXCLUDED.pairs,
                           bought = r.bought + EXCLUDED.bought
                )
                DELETE FROM prm_recommendation_control c
                 USING outcome WHERE outcome.id = c.id
                """,
                outcomes=self._get_outcomes_query(company, condition),
                company=company.id,
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        self.env["prm.recommendation.control.result"].invalidate_model()
        return count

    @api.model
    def _get_first_day(self, company):
        """:return: the day on which the experiment began, None before it"""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT min(date)
                  FROM (SELECT date FROM prm_recommendation_control
                         WHERE company_id = %(company)s
                         UNION ALL
                        SELECT date FROM prm_recommendation_control_result
                         WHERE company_id = %(company)s) every
                """,
                company=company.id,
            )
        )
        return rows[0][0]

    @api.model
    def _is_running(self, company):
        """:return: whether pairs were drawn in this period or the one before"""
        since = fields.Date.subtract(
            company._prm_get_today(), days=2 * CONTROL_PERIOD_DAYS
        )
        return bool(
            self.sudo().search_count(
                [("company_id", "=", company.id), ("date", ">", since)], limit=1
            )
        )

    @api.model
    def _plan(self, company):
        """Work out from the company's present lists how long an answer takes.

        :return: dict: pairs (a period adds), needed, share (bought), months, and the
            smallest relative effect that a year would show
        """
        from ..recommend.experiment import pairs_needed

        rows = self.env.execute_query(
            SQL(
                """
                SELECT count(*), avg(p), avg(p * (1 - p))
                  FROM (SELECT LEAST(x.probability, %s) AS p
                  FROM prm_recommendation x
                  JOIN prm_relationship r ON r.id = x.relationship_id
                                         AND r.state = 'active'
                 WHERE x.company_id = %s) listed
                """,
                MOST_CERTAIN,
                company.id,
            )
        )
        pairs, share, spread = rows[0]
        tenth = pairs_needed(
            share or 0.0, spread or 0.0, RELATIVE_EFFECT, CONTROL_SHARE
        )
        needed = max(tenth, LEAST_WITHHELD / CONTROL_SHARE)
        periods = (MOST_MONTHS * MONTH_DAYS - OUTCOME_DAYS) // CONTROL_PERIOD_DAYS + 1
        return {
            "pairs": pairs,
            "share": share or 0.0,
            "needed": needed,
            "smallest": pairs
            and RELATIVE_EFFECT * math.sqrt(tenth / (pairs * periods)),
            "months": self._count_months(needed, pairs),
        }

    @api.model
    def _count_months(self, needed, pairs):
        """:return: months until so many pairs are known, None where that is never"""
        if not pairs or needed == float("inf"):
            return None
        periods = max(math.ceil(needed / pairs), 1)
        days = (periods - 1) * CONTROL_PERIOD_DAYS + OUTCOME_DAYS
        return max(round(days / MONTH_DAYS), 2)

    @api.model
    def _is_on(self, company):
        """Automatic: where an answer comes within a year; begun, it goes on longer."""
        mode = company.sudo().prm_control
        if mode != "automatic":
            return mode == "on"
        months = self._plan(company)["months"]
        if months is None or months > MOST_MONTHS_RUNNING:
            return False
        return months <= MOST_MONTHS or self._is_running(company)
