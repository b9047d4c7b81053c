from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

from ..const import HEALTH_MONTHS

# Fewer order days tell nothing about a rhythm, of a reseller or of one product.
LEAST_ORDERS = 3
# Fewer pauses tell nothing about how far they spread; four in five are usual.
LEAST_PAUSES = 10
USUAL_PAUSES = 0.8
TREND_DAYS = 90
# Fifteen months: the same 90 days last year are known.
LONG_HISTORY_DAYS = 456
# Everything but keys and dates: a row is written only where one of these differs.
FIGURES = [
    "color",
    "order_count",
    "last_order_date",
    "days_since",
    "median_interval",
    "late_interval",
    "rhythm",
    "rhythm_color",
    "turnover",
    "turnover_before",
    "turnover_year",
    "trend_base",
    "trend",
    "trend_color",
    "usual_count",
    "overdue_count",
    "range_share",
    "range_color",
]


class PrmHealthNightly(models.AbstractModel):
    """The health of all relationships of a company from the lines of its dataset.

    Reads the temporary tables of ``prm.dataset`` in the same transaction.
    """

    _name = "prm.health.nightly"
    _description = "Health of Relationships, worked out"

    def _refresh(self, company):
        """Write the health of a company's relationships where it changed.

        :param res.company company:
        """
        company = company.sudo()
        today = company._prm_get_today()
        cr = self.env.cr
        cr.execute(
            SQL("DROP TABLE IF EXISTS prm_health_figures, prm_health_new, prm_health")
        )
        cr.execute(self._get_figures_query(company, today))
        cr.execute(self._get_colors_query(company))
        cr.execute(self._get_worst_query())
        self._write_days(company, today)
        self._write_health(company, today)
        self.env["prm.relationship.health"].invalidate_model()
        self.env["prm.relationship.health.day"].invalidate_model()
        self.env["prm.relationship"].invalidate_model(["health_id"])

    def _get_figures_query(self, company, today):
        """Count and sum; intervals are those between distinct days with orders.

        Turnover ends yesterday, so that a run at night and one at noon agree. A
        product that cannot be bought any more is not overdue.
        """
        return SQL(
            """
            CREATE TEMP TABLE prm_health_figures ON COMMIT DROP AS
            WITH gap AS (
                SELECT relationship_id, day,
                       day - lag(day) OVER (PARTITION BY relationship_id ORDER BY day)
                           AS gap
                  FROM (SELECT DISTINCT relationship_id, day
                          FROM prm_dataset_line
                         WHERE day BETWEEN %(since)s AND %(today)s) d
            ), rhythm AS (
                SELECT relationship_id, count(*) AS order_count,
                       max(day) AS last_order_date,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                           AS median_interval,
                       CASE WHEN count(gap) >= %(pauses)s
                            THEN percentile_disc(%(usual)s)
                                 WITHIN GROUP (ORDER BY gap) END AS late_interval
                  FROM gap
                 GROUP BY 1
            ), product_gap AS (
                SELECT relationship_id, product_id, day,
                       day - lag(day) OVER (
                           PARTITION BY relationship_id, product_id ORDER BY day)
                           AS gap
                  FROM prm_dataset_line
                 WHERE day BETWEEN %(since)s AND %(today)s
            ), pair AS (
                SELECT relationship_id, product_id, max(day) AS day,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY gap)
                           FILTER (WHERE gap > 0) AS median_interval
                  FROM product_gap
                 GROUP BY 1, 2
                HAVING count(*) FILTER (WHERE gap > 0) >= %(least)s - 1
            ), usual AS (
                SELECT pair.*
                  FROM pair
                  JOIN product_product p ON p.id = pair.product_id AND p.active
                  JOIN product_template t ON t.id = p.product_tmpl_id AND t.sale_ok
            ), ranges AS (
                SELECT relationship_id, count(*) AS usual_count,
                       count(*) FILTER (
                           WHERE %(today)s - day - median_interval
                                 > %(overdue)s * median_interval) AS overdue_count
                  FROM usual
                 GROUP BY 1
            ), turnover AS (
                SELECT relationship_id, min(day) AS first_date,
                       sum(amount) FILTER (
                           WHERE day >= %(today)s - %(days)s AND day < %(today)s)
                           AS quarter,
                       sum(amount) FILTER (
                           WHERE day >= %(today)s - 2 * %(days)s
                             AND day < %(today)s - %(days)s) AS quarter_before,
                       sum(amount) FILTER (
                           WHERE day >= %(last_year)s - %(days)s
                             AND day < %(last_year)s) AS year_before,
                       sum(amount) FILTER (
                           WHERE day >= %(last_year)s AND day < %(today)s) AS year
                  FROM prm_dataset_line
                 WHERE day <= %(today)s
                 GROUP BY 1
            )
            SELECT r.id AS relationship_id,
                   COALESCE(h.order_count, 0) AS order_count,
                   h.last_order_date,
                   %(today)s - h.last_order_date AS days_since,
                   h.median_interval,
                   h.late_interval,
                   COALESCE(g.usual_count, 0) AS usual_count,
                   COALESCE(g.overdue_count, 0) AS overdue_count,
                   round(COALESCE(t.quarter, 0)::numeric, 3) AS turnover,
                   round(COALESCE(t.year, 0)::numeric, 3) AS turnover_year,
                   round(COALESCE(CASE WHEN t.first_date <= %(today)s - %(long)s
                                       THEN t.year_before
                                       ELSE t.quarter_before END, 0)::numeric, 3)
                       AS turnover_before,
                   CASE WHEN t.first_date <= %(today)s - %(long)s THEN 'year'
                        WHEN t.first_date IS NOT NULL THEN 'quarter' END AS trend_base
              FROM prm_dataset_relationship r
              LEFT JOIN rhythm h ON h.relationship_id = r.id
              LEFT JOIN ranges g ON g.relationship_id = r.id
              LEFT JOIN turnover t ON t.relationship_id = r.id
            """,
            today=SQL("%s::date", today),
            since=today - relativedelta(months=HEALTH_MONTHS),
            last_year=SQL("%s::date", today - relativedelta(years=1)),
            days=TREND_DAYS,
            long=LONG_HISTORY_DAYS,
            least=LEAST_ORDERS,
            pauses=LEAST_PAUSES,
            usual=USUAL_PAUSES,
            overdue=company.prm_range_overdue,
        )

    def _get_colors_query(self, company):
        return SQL(
            """
            CREATE TEMP TABLE prm_health_new ON COMMIT DROP AS
            WITH ratio AS (
                SELECT *,
                       CASE WHEN order_count >= %(least)s
                            THEN days_since / median_interval END AS rhythm,
                       CASE WHEN turnover_before > 0
                            THEN (turnover / turnover_before - 1)::float8
                             END AS trend,
                       CASE WHEN usual_count > 0
                            THEN overdue_count / usual_count::float8 END AS range_share
                  FROM prm_health_figures
            )
            SELECT *,
                   CASE WHEN rhythm IS NULL THEN 'grey'
                        WHEN rhythm <= %(rhythm_green)s THEN 'green'
                        WHEN rhythm <= %(rhythm_amber)s THEN 'amber'
                        ELSE 'red' END AS rhythm_color,
                   CASE WHEN trend IS NULL THEN 'grey'
                        WHEN trend >= %(trend_green)s THEN 'green'
                        WHEN trend >= %(trend_amber)s THEN 'amber'
                        ELSE 'red' END AS trend_color,
                   CASE WHEN range_share IS NULL THEN 'grey'
                        WHEN range_share <= %(range_green)s THEN 'green'
                        WHEN range_share <= %(range_amber)s THEN 'amber'
                        ELSE 'red' END AS range_color
              FROM ratio
            """,
            least=LEAST_ORDERS,
            rhythm_green=company.prm_rhythm_green,
            rhythm_amber=company.prm_rhythm_amber,
            trend_green=company.prm_trend_green,
            trend_amber=company.prm_trend_amber,
            range_green=company.prm_range_green,
            range_amber=company.prm_range_amber,
        )

    def _get_worst_query(self):
        """The colour is the worst of the three; too few orders have none."""
        return SQL(
            """
            CREATE TEMP TABLE prm_health ON COMMIT DROP AS
            SELECT *,
                   CASE WHEN order_count < %s THEN 'grey'
                        WHEN 'red' IN (rhythm_color, trend_color, range_color)
                            THEN 'red'
                        WHEN 'amber' IN (rhythm_color, trend_color, range_color)
                            THEN 'amber'
                        ELSE 'green' END AS color
              FROM prm_health_new
            """,
            LEAST_ORDERS,
        )

    def _write_days(self, company, today):
        """Keep the day on which a colour changed: one row a relationship and day.

        The first colour is kept too, with the day on which it was first known.
        A second run on the same day corrects that day's row, or takes it back.
        """
        before = SQL(
            """
            SELECT n.relationship_id, n.color,
                   (SELECT d.color
                      FROM prm_relationship_health_day d
                     WHERE d.relationship_id = n.relationship_id
                       AND d.date < %s
                     ORDER BY d.date DESC
                     LIMIT 1) AS before
              FROM prm_health n
            """,
            today,
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM prm_relationship_health_day d
                 USING (%s) n
                 WHERE d.relationship_id = n.relationship_id
                   AND d.date = %s
                   AND n.color = n.before
                """,
                before,
                today,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO prm_relationship_health_day AS d
                       (relationship_id, company_id, date, color)
                SELECT relationship_id, %s, %s, color
                  FROM (%s) n
                 WHERE color IS DISTINCT FROM before
                    ON CONFLICT (relationship_id, date) DO UPDATE
                   SET color = EXCLUDED.color
                 WHERE d.color <> EXCLUDED.color
                """,
                company.id,
                today,
                before,
            )
        )

    def _write_health(self, company, today):
        """One upsert, of the rows that changed.

        Nobody knows since when the first colour holds: only a later one has a day.
        """
        columns = [SQL.identifier(name) for name in FIGURES]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO prm_relationship_health AS h
                       (relationship_id, company_id, date, color_since, %(columns)s)
                SELECT n.relationship_id, %(company)s, %(today)s,
                       (SELECT max(d.date) FROM prm_relationship_health_day d
                         WHERE d.relationship_id = n.relationship_id
                        HAVING count(*) > 1),
                       %(columns)s
                  FROM prm_health n
                    ON CONFLICT (relationship_id) DO UPDATE
                   SET date = EXCLUDED.date, color_since = EXCLUDED.color_since,
                       %(update)s
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                    OR h.color_since IS DISTINCT FROM EXCLUDED.color_since
                """,
                columns=SQL(", ").join(columns),
                company=company.id,
                today=today,
                update=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", name, name) for name in columns
                ),
                old=SQL(", ").join(SQL("h.%s", name) for name in columns),
                new=SQL(", ").join(SQL("EXCLUDED.%s", name) for name in columns),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE prm_relationship r
                   SET health_id = h.id
                  FROM prm_relationship_health h
                 WHERE h.relationship_id = r.id
                   AND r.company_id = %s
                   AND r.health_id IS DISTINCT FROM h.id
                """,
                company.id,
            )
        )
