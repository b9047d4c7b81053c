from odoo import models


class BasePartnerMerge(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Core deletes by SQL what would be there twice: two relationships with one
        company are merged before it does."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        target = dst_partner or self._get_ordered_partner(partners.ids)[-1:]
        relationships = (
            self.env["prm.relationship"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", partners.ids)])
        )
        for same_company in relationships.grouped("company_id").values():
            kept = same_company.filtered(lambda r: r.partner_id == target)
            kept = kept or same_company[:1]
            if same_company - kept:
                (same_company - kept)._merge_into(kept)
        result = super()._merge(
            partner_ids, dst_partner=dst_partner, extra_checks=extra_checks
        )
        kept_relationships = relationships.exists()
        if kept_relationships:
            kept_relationships._link_orders()
            kept_relationships._mirror_grade()
            kept_relationships.partner_id.user_ids._prm_sync_companies()
            self.env.registry.clear_cache()
        return result
