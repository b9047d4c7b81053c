from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

PRICE_MONTHS = 24


class PrmRecommendationPrice(models.AbstractModel):
    """What one unit of a recommended product brings, known when a list is read.

    Price lists take too long for the lists of a whole day: 0.35 ms a product.
    """

    _name = "prm.recommendation.price"
    _description = "Price of Recommendations"

    price = fields.Float(
        aggregator="avg",
        help="What the reseller last paid for one unit, else what is paid on average,"
        " else the sales price: in the company's currency, without taxes.",
    )

    @api.model
    def _add_prices(self, company):
        """Add a column with the price to ``prm_staging``."""
        today = company._prm_get_today()
        main = self.env["res.company"].sudo()._get_main_company()
        rate = main.currency_id._convert(
            1.0, company.currency_id, company, today, round=False
        )
        self.env.cr.execute(SQL("ALTER TABLE prm_staging ADD COLUMN price float8"))
        self.env.cr.execute(
            SQL(
                """
                WITH line AS MATERIALIZED (
                    SELECT o.prm_relationship_id AS relationship_id, l.product_id,
                           o.date_order, l.id,
                           l.price_subtotal::float8
                               / COALESCE(NULLIF(o.currency_rate, 0), 1)::float8
                               AS amount,
                           l.product_uom_qty::float8
                               * (u.factor / tu.factor)::float8 AS quantity
                      FROM sale_order o
                      JOIN sale_order_line l ON l.order_id = o.id
                      JOIN product_product p ON p.id = l.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                      JOIN uom_uom u ON u.id = l.product_uom_id
                      JOIN uom_uom tu ON tu.id = t.uom_id
                     WHERE o.company_id = %(company)s
                       AND o.state = 'sale'
                       AND o.date_order >= %(since)s
                       AND l.display_type IS NULL
                       AND l.product_uom_qty > 0
                       AND l.price_subtotal > 0
                ), own AS (
                    SELECT DISTINCT ON (relationship_id, product_id)
                           relationship_id, product_id,
                           line.amount / line.quantity AS price
                      FROM line
                      JOIN prm_staging USING (relationship_id, product_id)
                     ORDER BY relationship_id, product_id, date_order DESC, id DESC
                ), average AS (
                    SELECT product_id, sum(amount) / sum(quantity) AS price
                      FROM line GROUP BY 1
                )
                UPDATE prm_staging s
                   SET price = found.price
                  FROM (
                    SELECT n.relationship_id, n.product_id,
                           round(COALESCE(
                               own.price, average.price, t.list_price * CASE
                                   WHEN t.company_id IS NULL THEN %(rate)s ELSE 1 END
                           )::numeric, 4)::float8 AS price
                      FROM prm_staging n
                      JOIN product_product p ON p.id = n.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                      LEFT JOIN own USING (relationship_id, product_id)
                      LEFT JOIN average ON average.product_id = n.product_id
                  ) found
                 WHERE found.relationship_id = s.relationship_id
                   AND found.product_id = s.product_id
                """,
                company=company.id,
                since=today - relativedelta(months=PRICE_MONTHS),
                rate=rate,
            )
        )
