from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from ..const import HEALTH_COLORS, OPEN_STATES

WEEK = relativedelta(days=7)
# The same weekdays, and never a holiday's week against none by a day's shift.
YEAR = relativedelta(days=364)
WEEKS_DRAWN = 13
NAMED = 3


class PrmWeeklyFigures(models.AbstractModel):
    """What happened with a company's resellers in a week: four statements."""

    _name = "prm.weekly.figures"
    _description = "Figures of a Week"

    def _get_week_figures(self, company, monday):
        """The figures of the week that ended before a Monday.

        :param res.company company:
        :param date monday: first day after the week, in the company's time zone
        :return: dict: colors, turned, weeks, ordered, dear, due
        """
        self.env.flush_all()
        return {
            **self._get_week_health(company, monday),
            "weeks": self._get_week_turnover(company, monday),
            **self._get_week_events(company, monday),
            "due": self._get_week_due(company, monday),
        }

    def _is_week_empty(self, figures):
        now, before = figures["weeks"][-1][1:]
        return not (
            now
            or before
            or any(figures["turned"].values())
            or figures["ordered"]["count"]
            or figures["dear"]["count"]
            or figures["due"]
        )

    def _get_week_health(self, company, monday):
        """Colours at the end of the week and of the one before.

        Who had no colour a week ago has not turned.
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT r.partner_name AS name, day.*
                  FROM (
                    SELECT relationship_id,
                           (array_agg(color ORDER BY date DESC))[1] AS now,
                           (array_agg(color ORDER BY date DESC)
                                FILTER (WHERE date < %(start)s))[1] AS before
                      FROM prm_relationship_health_day
                     WHERE company_id = %(company)s AND date < %(monday)s
                     GROUP BY relationship_id
                  ) day
                  JOIN prm_relationship r ON r.id = day.relationship_id
                  LEFT JOIN prm_relationship_health h ON h.id = r.health_id
                 WHERE r.active AND r.state IN %(states)s
                 ORDER BY h.turnover_year DESC NULLS LAST, r.id
                """,
                company=company.id,
                monday=monday,
                start=monday - WEEK,
                states=OPEN_STATES,
            )
        )
        colors = {
            when: {
                color: sum(row[when] == color for row in rows)
                for color, _label in HEALTH_COLORS
            }
            for when in ("before", "now")
        }
        turned = {
            color: [
                row["name"]
                for row in rows
                if row["now"] == color and row["before"] not in (None, color)
            ]
            for color in ("red", "green")
        }
        return {"colors": colors, "turned": turned}

    def _get_week_turnover(self, company, monday):
        """:return: list of (first day, amount, amount a year before), the last week
        last"""
        zone = company._prm_get_timezone()
        first = monday - WEEKS_DRAWN * WEEK
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('week', o.date_order AT TIME ZONE 'UTC'
                                      AT TIME ZONE %(zone)s)::date,
                       sum(o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1))
                  FROM sale_order o
                 WHERE o.company_id = %(company)s
                   AND o.state = 'sale'
                   AND o.prm_relationship_id IS NOT NULL
                   AND o.date_order >= %(since)s
                 GROUP BY 1
                """,
                zone=zone,
                company=company.id,
                since=first - YEAR - relativedelta(days=1),
            )
        )
        found = {day: float(amount) for day, amount in rows}
        days = [first + number * WEEK for number in range(WEEKS_DRAWN)]
        return [(day, found.get(day, 0.0), found.get(day - YEAR, 0.0)) for day in days]

    def _get_week_events(self, company, monday):
        """What was ordered of what was recommended, and what was found too dear."""
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT e.type, e.product_id, count(*) AS count,
                       COALESCE(sum(e.amount), 0)::float8 AS amount
                  FROM prm_recommendation_event e
                 WHERE e.company_id = %(company)s
                   AND e.date >= %(start)s AND e.date < %(monday)s
                   AND (e.type = 'ordered'
                     OR (e.type = 'dismissed' AND e.reason = 'price'
                         AND NOT EXISTS (SELECT FROM prm_recommendation_event u
                                          WHERE u.undone_id = e.id)))
                 GROUP BY e.type, e.product_id
                 ORDER BY count(*) DESC, e.product_id
                """,
                company=company.id,
                start=monday - WEEK,
                monday=monday,
            )
        )
        ordered = [row for row in rows if row["type"] == "ordered"]
        dear = [row for row in rows if row["type"] == "dismissed"]
        return {
            "ordered": {
                "count": sum(row["count"] for row in ordered),
                "amount": sum(row["amount"] for row in ordered),
            },
            "dear": {
                "count": sum(row["count"] for row in dear),
                "product_id": dear[0]["product_id"] if dear else False,
            },
        }

    def _get_week_due(self, company, monday):
        """:return: list of (product id, number of resellers) of what is most likely
        ordered again in the coming week"""
        return self.env.execute_query(
            SQL(
                """
                SELECT e.product_id, count(*)
                  FROM prm_recommendation e
                  JOIN prm_relationship r ON r.id = e.relationship_id
                 WHERE e.company_id = %(company)s
                   AND e.kind = 'due'
                   AND e.due_date < %(until)s
                   AND r.active AND r.state = 'active'
                 GROUP BY e.product_id
                 ORDER BY sum(e.probability) DESC, e.product_id
                 LIMIT %(limit)s
                """,
                company=company.id,
                until=monday + WEEK,
                limit=NAMED,
            )
        )
