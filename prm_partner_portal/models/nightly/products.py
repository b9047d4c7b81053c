from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

# A product that was not sold in this time is no novelty any more.
NEW_DAYS = 180

# The last product of each chain of successors, by variant: the one with the same
# attribute values, else the first that can be sold.
SUCCESSORS = SQL("""
    WITH RECURSIVE chain(source_id, target_id, depth) AS (
        SELECT id, prm_successor_id, 1
          FROM product_template
         WHERE prm_successor_id IS NOT NULL
         UNION ALL
        SELECT c.source_id, t.prm_successor_id, c.depth + 1
          FROM chain c
          JOIN product_template t ON t.id = c.target_id
         WHERE t.prm_successor_id IS NOT NULL AND c.depth < 100
    ), latest AS (
        SELECT DISTINCT ON (source_id) source_id, target_id
          FROM chain
         ORDER BY source_id, depth DESC
    ), variant AS (
        SELECT p.id, p.product_tmpl_id, p.active,
               array_agg(v.product_attribute_value_id
                         ORDER BY v.product_attribute_value_id) AS attribute_values
          FROM product_product p
          LEFT JOIN product_variant_combination c ON c.product_product_id = p.id
          LEFT JOIN product_template_attribute_value v
                 ON v.id = c.product_template_attribute_value_id
         WHERE p.product_tmpl_id IN (SELECT source_id FROM latest
                                      UNION SELECT target_id FROM latest)
         GROUP BY p.id
    )
    SELECT DISTINCT ON (s.id) s.id AS source_id, n.id AS product_id
      FROM latest
      JOIN variant s ON s.product_tmpl_id = latest.source_id
      JOIN variant n ON n.product_tmpl_id = latest.target_id
     ORDER BY s.id, n.active DESC,
              n.attribute_values IS NOT DISTINCT FROM s.attribute_values DESC, n.id
""")


class PrmDatasetProduct(models.AbstractModel):
    """Which product stands for the one sold, and what may be offered to whom."""

    _name = "prm.dataset.product"
    _description = "Products for the Recommendations"

    def _create_products(self, company, conditions):
        """Products that count, with the one that inherits their history.

        ``factor`` turns a line's unit into the unit of the product that stands for
        it, or of the product sold where the two measure different things.
        """
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE prm_dataset_product ON COMMIT DROP AS
                SELECT p.id AS source_id,
                       COALESCE(s.product_id, p.id) AS product_id,
                       CASE WHEN split_part(nu.parent_path, '/', 1)
                                 = split_part(u.parent_path, '/', 1)
                            THEN nu.factor ELSE u.factor END AS factor
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom u ON u.id = t.uom_id
                  LEFT JOIN (%(successors)s) s ON s.source_id = p.id
                  LEFT JOIN product_product np ON np.id = s.product_id
                  LEFT JOIN product_template nt ON nt.id = np.product_tmpl_id
                  LEFT JOIN uom_uom nu ON nu.id = nt.uom_id
                 WHERE (t.company_id IS NULL OR t.company_id = %(company)s)
                   AND %(conditions)s
                """,
                successors=SUCCESSORS,
                company=company.id,
                conditions=SQL(" AND ").join(conditions),
            )
        )
        self.env.cr.execute(SQL("ANALYZE prm_dataset_product"))

    def _create_allowed(self, company):
        """What may be offered to each segment: one search for each of them."""
        cr = self.env.cr
        cr.execute(
            SQL(
                "CREATE TEMP TABLE prm_dataset_allowed"
                " (segment int, product_id int) ON COMMIT DROP"
            )
        )
        cr.execute(
            SQL("SELECT segment, min(id) FROM prm_dataset_relationship GROUP BY 1")
        )
        examples = cr.fetchall()
        relationships = self.env["prm.relationship"].browse(
            relationship_id for _segment, relationship_id in examples
        )
        products = self.env["product.product"].with_context(active_test=False)
        for (segment, _id), relationship in zip(examples, relationships, strict=True):
            query = products._search(relationship._prm_get_product_domain())
            cr.execute(
                SQL(
                    """
                    INSERT INTO prm_dataset_allowed
                    SELECT %s, m.source_id
                      FROM prm_dataset_product m
                     WHERE m.source_id = m.product_id AND m.source_id IN %s
                    """,
                    segment,
                    query.subselect(),
                )
            )

    def _get_products_query(self, company):
        """What may be offered to anybody; history may name more products.

        What was never sold is there while it is new: what it is like then tells who may
        want it. A price is what resellers paid on average; a margin is known where the
        cost is, and never leaves the run but as an order of the company's lists.
        """
        return SQL(
            """
            WITH sold AS (
                SELECT product_id, sum(amount) / sum(quantity) AS price
                  FROM prm_dataset_line
                 GROUP BY 1
                HAVING sum(amount) > 0 AND sum(quantity) > 0
            ), value AS (
                SELECT p.id, COALESCE(sold.price, NULLIF(t.list_price, 0)) AS price,
                       NULLIF((p.standard_price ->> %(company)s)::float8, 0) AS cost
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  LEFT JOIN sold ON sold.product_id = p.id
                 WHERE p.id IN (SELECT product_id FROM prm_dataset_allowed)
            )
            SELECT p.id AS product, t.id AS article, t.categ_id AS category,
                   COALESCE(t.name ->> %(lang)s, t.name ->> 'en_US') AS name,
                   round(value.price::numeric, 4) AS price,
                   round((value.price - value.cost)::numeric, 4) AS margin,
                   t.prm_sales_pack AS pack, NULL AS min_quantity
              FROM value
              JOIN product_product p ON p.id = value.id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE p.create_date >= %(new_since)s
                OR p.id IN (SELECT product_id FROM prm_dataset_line)
            """,
            company=str(company.id),
            lang=company.partner_id.lang or self.env.lang or "en_US",
            new_since=fields.Datetime.now() - timedelta(days=NEW_DAYS),
        )
