from odoo import api, models
from odoo.tools import SQL

from .answer import ANSWER, RunError

# What a run brings: a row is written only where one of these differs.
VALUES = [
    "kind",
    "rank",
    "reseller_rank",
    "score",
    "probability",
    "quantity",
    "due_date",
    "reasons",
    "price",
]


class PrmRecommendationPublish(models.AbstractModel):
    """The lists of a company are replaced by those of a run, in one short upsert."""

    _name = "prm.recommendation.publish"
    _inherit = ["prm.recommendation.price"]
    _description = "Publishing of Recommendations"

    @api.model
    def _publish(self, run, folder):
        """Replace a company's recommendations; nobody sees half of them.

        Ids stay where a product stays on a reseller's list. Resellers and products
        that were deleted in the meantime are left out.

        :param prm.recommendation.run run: whose lists these are
        :param Path folder: of the checked answer, None when nothing is recommended
        :return: number of recommendations of the company
        """
        self.env.flush_all()
        cr = self.env.cr
        # What a first publication has just written is not in the planner's figures:
        # row by row it would never end.
        cr.execute(SQL("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'"))
        cr.execute(SQL("DROP TABLE IF EXISTS prm_staging"))
        cr.execute(
            SQL(
                """
                CREATE TEMP TABLE prm_staging (
                    relationship_id int, product_id int, rank int, score float8,
                    probability float8, kind varchar, quantity float8, due_date date,
                    reasons jsonb
                ) ON COMMIT DROP
                """
            )
        )
        if folder:
            with (folder / ANSWER).open("rb") as file:
                cr.copy_expert(
                    "COPY prm_staging FROM STDIN WITH (FORMAT csv, HEADER)", file
                )
        cr.execute(SQL("ANALYZE prm_staging (relationship_id, product_id)"))
        self._check_named_products(run.company_id)
        self._apply_minimums(run.company_id)
        self._add_prices(run.company_id)
        self._delete_absent(run.company_id)
        count = self._upsert(run)
        self._gather_statistics(count)
        self.invalidate_model()
        self.env["prm.relationship"].invalidate_model(["recommendation_ids"])
        return count

    def _gather_statistics(self, count):
        """Who asked for the first run opens the pages at once, minutes before the
        database's own housekeeping has seen what is in the table now."""
        (known,) = self.env.execute_query(
            SQL(
                "SELECT reltuples FROM pg_class WHERE oid = %s::regclass",
                self.env["prm.recommendation"]._table,
            )
        )[0]
        if known < count / 2:
            self.env.cr.execute(SQL("ANALYZE prm_recommendation"))

    def _check_named_products(self, company):
        """A reason may name another product: one of this company."""
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT reason -> 'params' ->> 'product'
                  FROM prm_staging, jsonb_array_elements(reasons) reason
                 WHERE reason -> 'params' ? 'product'
                """
            )
        )
        names = {name for (name,) in self.env.cr.fetchall()}
        ids = {int(name) for name in names if (name or "").isdigit()}
        foreign = self.env["product.product"].sudo().with_context(active_test=False)
        foreign = foreign.search_count(
            [
                ("id", "in", list(ids)),
                ("company_id", "not in", [False, company.id]),
            ]
        )
        if foreign or len(ids) < len(names):
            raise RunError("answer", "a reason names a product of another company")

    def _apply_minimums(self, company):
        """Where a reseller's price list has prices from a quantity on only, the
        suggestion reaches it, in whole sales packs."""
        self.env.cr.execute(
            SQL(
                """
                WITH rule AS (
                    SELECT i.pricelist_id, p.id AS product_id,
                           min(COALESCE(i.min_quantity, 0)) AS least
                      FROM product_pricelist_item i
                      JOIN product_product p
                        ON p.id = i.product_id
                        OR i.product_id IS NULL
                       AND p.product_tmpl_id = i.product_tmpl_id
                     WHERE (i.date_start IS NULL OR i.date_start <= %(now)s)
                       AND (i.date_end IS NULL OR i.date_end >= %(now)s)
                     GROUP BY 1, 2
                    HAVING min(COALESCE(i.min_quantity, 0)) > 1
                )
                UPDATE prm_staging s
                   SET quantity = CASE WHEN t.prm_sales_pack > 0
                           THEN ceil(rule.least / t.prm_sales_pack) * t.prm_sales_pack
                           ELSE rule.least END
                  FROM prm_relationship r, res_partner c, rule, product_product p,
                       product_template t
                 WHERE r.id = s.relationship_id
                   AND c.id = r.partner_id
                   AND rule.pricelist_id
                       = (c.specific_property_product_pricelist ->> %(company)s)::int
                   AND rule.product_id = s.product_id
                   AND p.id = s.product_id
                   AND t.id = p.product_tmpl_id
                   AND s.quantity < rule.least
                """,
                now=self.env.cr.now(),
                company=str(company.id),
            )
        )

    def _delete_absent(self, company):
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM prm_recommendation x
                 WHERE x.company_id = %s
                   AND NOT EXISTS (
                       SELECT 1 FROM prm_staging s
                        WHERE s.relationship_id = x.relationship_id
                          AND s.product_id = x.product_id)
                """,
                company.id,
            )
        )

    def _upsert(self, run):
        """:return: number of rows that stand now"""
        cr = self.env.cr
        names = [SQL.identifier(name) for name in VALUES]
        cr.execute(
            SQL(
                """
                INSERT INTO prm_recommendation AS x
                       (relationship_id, product_id, company_id, run_id, %(names)s)
                SELECT s.relationship_id, s.product_id, r.company_id, %(run)s,
                       %(new)s
                  FROM prm_staging s
                  JOIN (SELECT relationship_id, product_id, row_number() OVER (
                                   PARTITION BY relationship_id, kind = 'new'
                                   ORDER BY score DESC, rank)::int AS reseller_rank
                          FROM prm_staging) likely
                 USING (relationship_id, product_id)
                  JOIN prm_relationship r ON r.id = s.relationship_id
                                         AND r.company_id = %(company)s
                                         AND r.state <> 'ended'
                  JOIN product_product p ON p.id = s.product_id
                 ORDER BY s.relationship_id, s.product_id
                    ON CONFLICT (relationship_id, product_id) DO UPDATE
                   SET run_id = EXCLUDED.run_id, company_id = EXCLUDED.company_id,
                       %(update)s
                 WHERE (%(old)s) IS DISTINCT FROM (%(excluded)s)
                """,
                names=SQL(", ").join(names),
                new=SQL(", ").join(
                    SQL("likely.%s" if name == "reseller_rank" else "s.%s", column)
                    for name, column in zip(VALUES, names, strict=True)
                ),
                run=run.id,
                company=run.company_id.id,
                update=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", name, name) for name in names
                ),
                old=SQL(", ").join(SQL("x.%s", name) for name in names),
                excluded=SQL(", ").join(SQL("EXCLUDED.%s", name) for name in names),
            )
        )
        cr.execute(
            SQL(
                "SELECT count(*) FROM prm_recommendation WHERE company_id = %s",
                run.company_id.id,
            )
        )
        return cr.fetchone()[0]

    @api.model
    def _delete_ended(self, company):
        """A relationship that ended while a run was published keeps no list."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM prm_recommendation x
                 USING prm_relationship r
                 WHERE r.id = x.relationship_id
                   AND r.company_id = %s
                   AND r.state = 'ended'
                """,
                company.id,
            )
        )
