from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

DAY_LIMIT = 20
DUE_DAYS = 7
QUOTATION_DAYS = 3
# The lists are of last night: orders since then are not in them. When nights failed,
# it is looked back as far as this.
RECENT_DAYS = 7


class PrmDayQuery(models.AbstractModel):
    """What is at stake with each reseller of a list, in two statements.

    Nothing is stored: what a colleague or the reseller did a moment ago counts.
    """

    _name = "prm.day.query.mixin"
    _description = "Money at Stake by Reseller"

    def _day_get_companies(self):
        """:return: SQL rows of what each of the user's companies decides on"""
        rows = []
        ours = self.env.company
        for company in self.env.companies.sudo():
            zone = company._prm_get_timezone()
            today = company._prm_get_today(zone)
            rate = company.currency_id._convert(
                1.0, ours.currency_id, ours, today, round=False
            )
            limits = company.prm_rhythm_green, company.prm_rhythm_amber
            rows.append(
                SQL(
                    "(%s, %s::date, %s, %s::float8, %s::float8, %s::float8)",
                    company.id,
                    today,
                    zone,
                    rate,
                    *limits,
                )
            )
        return SQL(", ").join(rows)

    def _day_query(self, domain):
        """:param domain: of the relationships, searched under the user's rights
        :return: a dict for each: who it is, its parts of the money at stake in its
            company's currency, and the last contact
        """
        self.env.flush_all()
        found = self._search(domain)
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH company (id, today, zone, rate, green, amber) AS (
                    VALUES %(companies)s
                ), mine AS MATERIALIZED (
                    SELECT r.id, r.company_id, r.partner_id, r.user_id, c.today, c.zone,
                           c.rate, c.green, c.amber,
                           COALESCE(r.day_pinned, FALSE) AS pinned,
                           r.day_skipped IS NOT DISTINCT FROM c.today AS skipped,
                           h.date AS health_date, h.color, h.color_since,
                           h.order_count, h.median_interval, h.last_order_date,
                           h.late_interval,
                           h.turnover_year::float8 AS turnover_year
                      FROM prm_relationship r
                      JOIN company c ON c.id = r.company_id
                      LEFT JOIN prm_relationship_health h ON h.relationship_id = r.id
                     WHERE r.id IN %(found)s
                ), %(orders)s, %(due)s, %(filled)s
                SELECT mine.*, recent.day AS recent_date,
                       COALESCE(due.count, 0) AS due_count,
                       COALESCE(due.amount, 0) AS due,
                       COALESCE(waiting.count, 0) AS quotation_count,
                       COALESCE(waiting.amount, 0) AS quotation,
                       waiting.day AS quotation_date, waiting.name AS quotation_name,
                       talk.id AS talk_id, talk.outcome, talk.note AS talk_note,
                       talk.date AS talk_date, talk.user_id AS talk_user_id,
                       talk.stake AS talk_stake,
                       talk.moment AS talk_moment, talk.open AS talk_open,
                       COALESCE(talk.until, talk.rest_until) AS until,
                       filled.name AS filled_name, filled.sold AS filled_sold
                  FROM mine
                  LEFT JOIN due ON due.relationship_id = mine.id
                  LEFT JOIN waiting ON waiting.relationship_id = mine.id
                  LEFT JOIN (SELECT relationship_id, max(day) AS day
                               FROM recent GROUP BY 1) recent
                         ON recent.relationship_id = mine.id
                  LEFT JOIN LATERAL (
                       SELECT t.id, t.outcome, t.note, t.date, t.user_id, t.rest_until,
                              t.stake::float8 AS stake, t.moment, t.create_date,
                              a.date_deadline AS until,
                              a.id IS NOT NULL AS open
                         FROM prm_contact t
                         LEFT JOIN mail_activity a
                                ON a.id = t.activity_id AND a.active
                        WHERE t.relationship_id = mine.id AND t.active
                        ORDER BY t.id DESC
                        LIMIT 1) talk ON TRUE
                  LEFT JOIN filled
                         ON filled.relationship_id = mine.id
                        AND (talk.id IS NULL OR talk.create_date < filled.moment)
                """,
                companies=self._day_get_companies(),
                found=found.subselect(),
                orders=self._day_get_orders_query(),
                due=self._day_get_due_query(),
                filled=self._day_get_filled_query(),
            )
        )
        return rows

    def _day_get_orders_query(self):
        """Open quotations (Odoo's own idea of an expired one is taken), those that
        wait for an answer (not where all of it was ordered since), and orders that the
        lists of last night do not know."""
        return SQL(
            """
            quotation AS MATERIALIZED (
                SELECT o.id, o.name, mine.id AS relationship_id, o.date_order,
                       (o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1))
                           ::float8 AS amount,
                       (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE mine.zone)::date
                           AS day
                  FROM sale_order o
                  JOIN mine ON mine.id = o.prm_relationship_id
                 WHERE o.state IN ('draft', 'sent')
                   AND (o.validity_date IS NULL OR o.validity_date >= mine.today)
            ), waiting AS (
                SELECT q.relationship_id, count(*) AS count, sum(q.amount) AS amount,
                       min(q.day) AS day,
                       (array_agg(q.name ORDER BY q.amount DESC, q.id))[1] AS name
                  FROM quotation q
                  JOIN mine ON mine.id = q.relationship_id
                 WHERE q.day <= mine.today - %(waited)s AND q.amount > 0
                   AND EXISTS (
                       SELECT FROM sale_order_line l
                        WHERE l.order_id = q.id AND l.product_id IS NOT NULL
                          AND NOT EXISTS (
                              SELECT FROM sale_order s
                                JOIN sale_order_line b ON b.order_id = s.id
                               WHERE s.prm_relationship_id = q.relationship_id
                                 AND s.state = 'sale' AND s.date_order > q.date_order
                                 AND b.product_id = l.product_id))
                 GROUP BY 1
            ), recent AS MATERIALIZED (
                SELECT o.id, o.name, mine.id AS relationship_id,
                       (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE mine.zone)::date
                           AS day
                  FROM sale_order o
                  JOIN mine ON mine.id = o.prm_relationship_id
                 WHERE o.state = 'sale'
                   AND o.date_order >= %(since)s
                   AND o.date_order >= COALESCE(
                       (SELECT max(health_date) FROM mine), mine.today - %(recent)s)
                       - INTERVAL '1 day'
            )
            """,
            waited=QUOTATION_DAYS,
            recent=RECENT_DAYS,
            since=fields.Datetime.now() - timedelta(days=RECENT_DAYS),
        )

    def _day_get_due_query(self):
        """What is due within a week or overdue, but not what was dismissed, and not
        what is in an open quotation or was ordered since."""
        return SQL(
            """
            settled AS MATERIALIZED (
                SELECT s.relationship_id, l.product_id
                  FROM (SELECT id, relationship_id FROM quotation
                         UNION ALL
                        SELECT id, relationship_id FROM recent) s
                  JOIN sale_order_line l ON l.order_id = s.id
                 WHERE l.product_id IS NOT NULL
                 UNION
                SELECT e.relationship_id, e.product_id
                  FROM mine
                  JOIN prm_recommendation_event e ON e.relationship_id = mine.id
                 WHERE e.type = 'dismissed'
                   AND e.rest_until > mine.today
                   AND NOT EXISTS (SELECT FROM prm_recommendation_event u
                                    WHERE u.undone_id = e.id AND u.type = 'undone')
            ), due AS (
                SELECT x.relationship_id, count(*) AS count,
                       sum(x.probability * x.quantity::float8 * x.price) AS amount
                  FROM mine
                  JOIN prm_recommendation x ON x.relationship_id = mine.id
                 WHERE x.due_date <= mine.today + %(days)s
                   AND NOT EXISTS (SELECT FROM settled
                                    WHERE settled.relationship_id = x.relationship_id
                                      AND settled.product_id = x.product_id)
                 GROUP BY 1
            )
            """,
            days=DUE_DAYS,
        )

    def _day_get_filled_query(self):
        """Quotations that were filled from the list today, ordered since or not: what
        came of it is still to be said, though nothing of it is at stake any more."""
        return SQL(
            """
            filled AS (
                SELECT e.relationship_id, max(e.create_date) AS moment,
                       (array_agg(s.name ORDER BY e.id DESC))[1] AS name,
                       (array_agg(s.sold ORDER BY e.id DESC))[1] AS sold
                  FROM mine
                  JOIN prm_recommendation_event e ON e.relationship_id = mine.id
                  JOIN (SELECT id, name, FALSE AS sold FROM quotation
                         UNION ALL
                        SELECT id, name, TRUE FROM recent) s ON s.id = e.order_id
                 WHERE e.type = 'added' AND e.source = 'day' AND e.date = mine.today
                 GROUP BY 1
            )
            """
        )

    def _day_query_written(self, rows):
        """:param list rows: relationships with a last contact
        :return: by relationship id the day on which the reseller wrote since, or
            signed or declined a quotation, which writes, too
        """
        if not rows:
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT talk.id,
                           max((m.date AT TIME ZONE 'UTC' AT TIME ZONE talk.zone)::date)
                      FROM (VALUES %(talks)s)
                               AS talk (id, partner_id, moment, zone)
                      JOIN res_partner p
                        ON p.commercial_partner_id = talk.partner_id
                      JOIN mail_message m
                        ON m.author_id = p.id AND m.date > talk.moment
                      LEFT JOIN sale_order o
                        ON m.model = 'sale.order' AND o.id = m.res_id
                     WHERE talk.id = CASE m.model
                               WHEN 'sale.order' THEN o.prm_relationship_id
                               WHEN 'prm.relationship' THEN m.res_id END
                       AND m.message_type IN ('email', 'comment')
                     GROUP BY 1
                    """,
                    talks=SQL(", ").join(
                        SQL(
                            "(%s, %s, %s::timestamp, %s)",
                            row["id"],
                            row["partner_id"],
                            row["talk_moment"],
                            row["zone"],
                        )
                        for row in rows
                    ),
                )
            )
        )
