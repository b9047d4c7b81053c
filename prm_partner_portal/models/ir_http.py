from odoo import models
from odoo.http import request


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """A portal user reads with all distributors it belongs to, not with one.

        Core's own lists (orders, invoices) show what the companies at hand allow.
        """
        result = super()._pre_dispatch(rule, args)
        user = request.env.user
        if user and user.share and not user._is_public() and len(user.company_ids) > 1:
            first = user.company_id
            companies = first | user.company_ids
            request.update_context(allowed_company_ids=companies.ids)
        return result
