from odoo import models
from odoo.tools import SQL


class PrmDataset(models.AbstractModel):
    _inherit = "prm.dataset"

    def _get_conditions(self, company):
        conditions = super()._get_conditions(company)
        conditions["line"].append(SQL("l.is_delivery IS NOT TRUE"))
        conditions["product"].append(
            SQL(
                "NOT EXISTS (SELECT 1 FROM delivery_carrier c"
                " WHERE c.product_id = p.id)"
            )
        )
        return conditions
