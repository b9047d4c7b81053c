from odoo import api, fields, models
from odoo.tools import SQL

from .mixins.offer_reasons import FEWEST_OTHERS
from .nightly.answer import RunError

HEADER = ["product", "complement", "resellers", "orders", "lift", "score"]
MOST_COMPLEMENTS = 20


class PrmProductComplement(models.Model):
    """What resellers buy with a product. Disposable: every run replaces it."""

    _name = "prm.product.complement"
    _description = "Goes With"
    _order = "product_id, score desc, id"
    _rec_name = "complement_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    complement_id = fields.Many2one(
        "product.product", "Goes With It", required=True, index=True, ondelete="cascade"
    )
    reseller_count = fields.Integer(
        "Resellers", required=True, help="That bought both in one order."
    )
    order_count = fields.Integer("Orders", required=True, help="With both products.")
    lift = fields.Float(
        required=True,
        aggregator=None,
        help="How many times more often than by chance both are in one order; held to"
        " one where there is little to go by.",
    )
    score = fields.Float(required=True, digits=0, aggregator=None)

    _pair_unique = models.Constraint(
        "UNIQUE (company_id, product_id, complement_id)",
        "A product goes with another one once.",
    )

    @api.model
    def _load(self, company, path, count):
        """Let a run's pairs replace those of before, in the transaction that
        publishes its lists.

        :param res.company company:
        :param Path path: file of the library
        :param int count: rows that it must have
        :raise RunError: when the file is not the whole answer
        """
        self.env.flush_all()
        found = self._stage(path)
        if found != count:
            raise RunError("answer", f"{path.name}: {found} rows, not {count}")
        self._check_staged(company)
        self._replace(company)
        self.invalidate_model()

    def _stage(self, path):
        """:return: number of rows of the file"""
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                DROP TABLE IF EXISTS prm_complement_staging;
                CREATE TEMP TABLE prm_complement_staging (
                    product_id int, complement_id int,
                    reseller_count int CHECK (reseller_count >= %s),
                    order_count int CHECK (order_count >= reseller_count),
                    lift float8 CHECK (lift BETWEEN 0 AND 1e9),
                    score float8 CHECK (score BETWEEN 0 AND 1e9),
                    PRIMARY KEY (product_id, complement_id),
                    CHECK (product_id <> complement_id)
                ) ON COMMIT DROP
                """,
                FEWEST_OTHERS,
            )
        )
        with path.open("rb") as file:
            if file.readline().decode().strip().split(",") != HEADER:
                raise RunError("answer", f"{path.name}: the columns are not {HEADER}")
            cr.copy_expert(
                "COPY prm_complement_staging FROM STDIN WITH (FORMAT csv)", file
            )
        found = cr.rowcount
        cr.execute(SQL("ANALYZE prm_complement_staging"))
        return found

    def _check_staged(self, company):
        """Only products that this company may sell, and no more than agreed."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT (SELECT max(count)
                          FROM (SELECT count(*) FROM prm_complement_staging
                                 GROUP BY product_id) counted),
                       EXISTS (
                           SELECT FROM prm_complement_staging s
                             JOIN product_product p
                               ON p.id IN (s.product_id, s.complement_id)
                             JOIN product_template t ON t.id = p.product_tmpl_id
                            WHERE t.company_id <> %s)
                """,
                company.id,
            )
        )
        most, foreign = rows[0]
        if foreign or (most or 0) > MOST_COMPLEMENTS:
            raise RunError("answer", "complements of another company, or too many")

    def _replace(self, company):
        """Ids stay where a pair stays; products that were deleted are left out."""
        cr = self.env.cr
        cr.execute(
            SQL(
                """
                DELETE FROM prm_product_complement x
                 WHERE x.company_id = %s
                   AND NOT EXISTS (
                       SELECT FROM prm_complement_staging s
                        WHERE s.product_id = x.product_id
                          AND s.complement_id = x.complement_id)
                """,
                company.id,
            )
        )
        cr.execute(
            SQL(
                """
                INSERT INTO prm_product_complement AS x
                       (company_id, product_id, complement_id, reseller_count,
                        order_count, lift, score)
                SELECT %s, s.product_id, s.complement_id, s.reseller_count,
                       s.order_count, s.lift, s.score
                  FROM prm_complement_staging s
                  JOIN product_product p ON p.id = s.product_id
                  JOIN product_product c ON c.id = s.complement_id
                 ORDER BY s.product_id, s.complement_id
                    ON CONFLICT (company_id, product_id, complement_id) DO UPDATE
                   SET reseller_count = EXCLUDED.reseller_count,
                       order_count = EXCLUDED.order_count,
                       lift = EXCLUDED.lift, score = EXCLUDED.score
                 WHERE (x.reseller_count, x.order_count, x.lift, x.score)
                       IS DISTINCT FROM
                       (EXCLUDED.reseller_count, EXCLUDED.order_count,
                        EXCLUDED.lift, EXCLUDED.score)
                """,
                company.id,
            )
        )
