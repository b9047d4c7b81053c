from odoo import models
from odoo.tools import SQL


class PrmDataset(models.AbstractModel):
    _inherit = "prm.dataset"

    def _get_conditions(self, company):
        """A reward is given, a gift card or an eWallet's top-up is money."""
        conditions = super()._get_conditions(company)
        conditions["line"].append(SQL("l.reward_id IS NULL"))
        conditions["product"] += [
            SQL(
                "NOT EXISTS (SELECT 1 FROM loyalty_reward w"
                " WHERE w.discount_line_product_id = p.id)"
            ),
            SQL(
                """
                NOT EXISTS (
                    SELECT 1
                      FROM loyalty_rule_product_product_rel x
                      JOIN loyalty_rule n ON n.id = x.loyalty_rule_id
                      JOIN loyalty_program g ON g.id = n.program_id
                     WHERE x.product_product_id = p.id
                       AND g.program_type IN ('gift_card', 'ewallet'))
                """
            ),
        ]
        return conditions
