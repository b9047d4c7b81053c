from odoo import models
from odoo.tools import SQL

from ..const import ACTIONS, TESTED_DAYS, TESTED_REST_DAYS, TESTED_WITHIN_DAYS


class PrmDatasetAttention(models.AbstractModel):
    """What people did with recommendations, for the next lists."""

    _name = "prm.dataset.attention"
    _description = "Attention to Recommendations"

    def _get_vain_query(self, as_of):
        """New products that rest: declined, or shown in vain on six days.

        The six days lie within eight weeks and after the last time that anybody did
        something with the product; after each six it rests for four weeks and is
        counted anew. What the reseller has bought before only moves down when a list
        is read: it is due whether it was looked at or not.

        :return: SQL of pairs: reseller, product
        """
        return SQL(
            """
            WITH acted AS (
                SELECT e.relationship_id, e.product_id, max(e.date) AS date,
                       max(e.date) FILTER (WHERE e.type = 'declined') AS declined
                  FROM prm_recommendation_event e
                  JOIN prm_dataset_relationship r ON r.id = e.relationship_id
                 WHERE e.type IN %(actions)s
                   AND e.date > %(as_of)s::date - 365
                 GROUP BY 1, 2
            ), day AS (
                SELECT DISTINCT e.relationship_id, e.product_id, e.date
                  FROM prm_recommendation_event e
                  JOIN prm_dataset_relationship r ON r.id = e.relationship_id
                  LEFT JOIN acted ON acted.relationship_id = e.relationship_id
                                 AND acted.product_id = e.product_id
                 WHERE e.type = 'shown'
                   AND e.date > %(as_of)s::date - 365
                   AND (acted.date IS NULL OR e.date > acted.date)
            ), counted AS (
                SELECT relationship_id, product_id, date,
                       row_number() OVER pair AS number,
                       lag(date, %(before)s) OVER pair AS first
                  FROM day
                WINDOW pair AS (PARTITION BY relationship_id, product_id ORDER BY date)
            ), resting AS (
                SELECT relationship_id, product_id
                  FROM counted
                 WHERE number %% %(tested)s = 0
                   AND date - first <= %(within)s
                   AND date > %(as_of)s::date - %(rest)s
                 UNION
                SELECT relationship_id, product_id
                  FROM acted
                 WHERE declined = date
                   AND date > %(as_of)s::date - %(rest)s
            )
            SELECT relationship_id AS reseller, product_id AS product
              FROM resting
             WHERE NOT EXISTS (
                   SELECT FROM prm_dataset_line l
                    WHERE l.relationship_id = resting.relationship_id
                      AND l.product_id = resting.product_id)
            """,
            actions=ACTIONS,
            as_of=as_of,
            before=TESTED_DAYS - 1,
            tested=TESTED_DAYS,
            within=TESTED_WITHIN_DAYS,
            rest=TESTED_REST_DAYS,
        )
