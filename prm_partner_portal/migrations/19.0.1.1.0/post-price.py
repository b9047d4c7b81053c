from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    """My Day counts with prices from the first morning on, not only after a night."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute("SELECT DISTINCT company_id FROM prm_recommendation WHERE price IS NULL")
    for (company_id,) in cr.fetchall():
        cr.execute(
            SQL(
                "CREATE TEMP TABLE prm_staging AS SELECT relationship_id, product_id"
                " FROM prm_recommendation WHERE company_id = %s",
                company_id,
            )
        )
        env["prm.recommendation"]._add_prices(env["res.company"].browse(company_id))
        cr.execute(
            "UPDATE prm_recommendation r SET price = s.price FROM prm_staging s"
            " WHERE s.relationship_id = r.relationship_id"
            " AND s.product_id = r.product_id"
        )
        cr.execute("DROP TABLE prm_staging")
