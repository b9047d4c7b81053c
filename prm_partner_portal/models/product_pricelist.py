from odoo import fields, models
from odoo.fields import Domain

from .const import USER_GROUP


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    prm_grade_ids = fields.One2many(
        "res.partner.grade",
        "default_pricelist_id",
        "Tiers",
        context={"active_test": False},
        groups=USER_GROUP,
    )

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """A tier's list is for its resellers: core would give the first list that it
        finds to every customer without one."""
        grades = self.env["res.partner.grade"].sudo().with_context(active_test=False)
        by_tier = grades._search([("default_pricelist_id", "!=", False)])
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return Domain(domain) & Domain(
            "id", "not in", by_tier.subselect("default_pricelist_id")
        )
