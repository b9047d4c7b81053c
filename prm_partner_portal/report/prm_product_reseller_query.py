from odoo import models
from odoo.tools import SQL

from ..models.nightly.products import SUCCESSORS

# Ids are made of two: relationship * ID_BASE + product. A browser counts to 2^53.
ID_BASE = 2**25


class PrmProductResellerQuery(models.AbstractModel):
    """Which resellers stand beside which products, in one statement.

    What was bought of a product that another one replaces counts for that one, where
    it was never bought itself: in its unit, where both measure the same.
    """

    _name = "prm.product.reseller.query.mixin"
    _description = "Resellers to Offer Products"

    def _prm_get_pairs_query(self, product_ids):
        """:return: SQL of the stored columns of prm.product.reseller"""
        days = [
            (one.id, one._prm_get_timezone(), one._prm_get_today())
            for one in self.env.companies
        ]
        return SQL(
            """
            WITH product AS MATERIALIZED (
                SELECT p.id, u.factor, u.parent_path,
                       COALESCE(t.prm_sales_pack, 1) AS pack
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom u ON u.id = t.uom_id
                 WHERE p.id = ANY(%(products)s)
            ), source AS MATERIALIZED (
                SELECT id AS source_id, id AS product_id, FALSE AS before, factor
                  FROM product
                 UNION ALL
                SELECT s.source_id, s.product_id, TRUE,
                       CASE WHEN split_part(product.parent_path, '/', 1)
                                 = split_part(u.parent_path, '/', 1)
                            THEN product.factor ELSE u.factor END
                  FROM (%(successors)s) s
                  JOIN product ON product.id = s.product_id
                  JOIN product_product p ON p.id = s.source_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom u ON u.id = t.uom_id
            ), company (id, zone, today) AS (
                VALUES %(days)s
            ), line AS MATERIALIZED (
                SELECT o.prm_relationship_id AS relationship_id, source.product_id,
                       source.source_id, source.before, l.id,
                       o.id AS order_id, o.state, o.date_order, company.zone,
                       l.product_uom_qty * u.factor / source.factor AS quantity
                  FROM source
                  JOIN sale_order_line l ON l.product_id = source.source_id
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN company ON company.id = o.company_id
                  JOIN uom_uom u ON u.id = l.product_uom_id
                 WHERE l.display_type IS NULL
                   AND l.product_uom_qty > 0
                   AND o.prm_relationship_id IS NOT NULL
                   AND (o.state = 'sale'
                     OR (o.state IN ('draft', 'sent')
                         AND (o.validity_date IS NULL
                              OR o.validity_date >= company.today)))
            ), dealings AS (
                SELECT relationship_id, product_id, before,
                       (array_agg(source_id ORDER BY date_order DESC, id DESC)
                            FILTER (WHERE state = 'sale'))[1] AS source_id,
                       COUNT(DISTINCT order_id) FILTER (WHERE state = 'sale') AS orders,
                       (MAX(date_order) FILTER (WHERE state = 'sale')
                            AT TIME ZONE 'UTC' AT TIME ZONE MIN(zone))::date
                           AS last_date,
                       (array_agg(quantity ORDER BY date_order DESC, id DESC)
                            FILTER (WHERE state = 'sale'))[1] AS last_quantity,
                       SUM(quantity) FILTER (WHERE state <> 'sale') AS quoted
                  FROM line
                 GROUP BY relationship_id, product_id, before
            ), bought AS (
                SELECT DISTINCT ON (relationship_id, product_id) *
                  FROM dealings
                 WHERE orders > 0
                 ORDER BY relationship_id, product_id, before
            ), pair AS (
                SELECT relationship_id, product_id, r.kind, r.probability, r.quantity,
                       r.due_date, r.reasons, b.orders, b.last_date, b.last_quantity,
                       b.before, b.source_id, d.quoted
                  FROM (SELECT * FROM prm_recommendation
                         WHERE product_id = ANY(%(products)s)) r
                  FULL JOIN bought b USING (relationship_id, product_id)
                  LEFT JOIN (SELECT * FROM dealings WHERE NOT before) d
                      USING (relationship_id, product_id)
            ), offer AS (
                SELECT pair.*, rel.company_id, rel.user_id, rel.territory_id,
                       rel.grade_id, company.today,
                       CEIL((COALESCE(pair.quantity, pair.last_quantity)
                             / product.pack)::numeric - 1e-9) * product.pack AS packed
                  FROM pair
                  JOIN product ON product.id = pair.product_id
                  JOIN prm_relationship rel ON rel.id = pair.relationship_id
                   AND rel.state = 'active' AND rel.active
                  JOIN company ON company.id = rel.company_id
            )
            SELECT offer.relationship_id::bigint * %(base)s + offer.product_id AS id,
                   offer.relationship_id, offer.product_id, offer.company_id,
                   offer.user_id, offer.territory_id, offer.grade_id,
                   COALESCE(offer.kind, 'former') AS kind,
                   COALESCE(offer.probability, 0) AS probability,
                   offer.packed AS quantity,
                   COALESCE(offer.probability, 0) * offer.packed AS expected,
                   offer.due_date, offer.last_date, offer.last_quantity,
                   COALESCE(offer.quoted, 0) AS quoted,
                   (SELECT MAX(e.rest_until)
                      FROM prm_recommendation_event e
                     WHERE e.relationship_id = offer.relationship_id
                       AND e.product_id = offer.product_id
                       AND e.type = 'dismissed'
                       AND e.rest_until > offer.today
                       AND NOT EXISTS (
                           SELECT FROM prm_recommendation_event u
                            WHERE u.undone_id = e.id AND u.type = 'undone')
                   ) AS rest_until,
                   COALESCE(offer.reasons, jsonb_build_array(jsonb_build_object(
                       'code', CASE WHEN offer.before THEN 'predecessor'
                                    ELSE 'usual' END,
                       'params', jsonb_build_object(
                           'product', CASE WHEN offer.before THEN offer.source_id END,
                           'orders', offer.orders,
                           'days_since', offer.today - offer.last_date)))) AS reasons
              FROM offer
            """,
            products=product_ids,
            days=SQL(", ").join(SQL("(%s, %s, %s::date)", *day) for day in days),
            base=ID_BASE,
            successors=SUCCESSORS,
        )
