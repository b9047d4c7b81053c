from odoo import fields, models

from ..const import OPEN_STATES


class PrmPricelistMixin(models.AbstractModel):
    """Which price list a reseller has with a distributor, and who chose it."""

    _name = "prm.pricelist.mixin"
    _description = "Price List of a Relationship"

    pricelist_source = fields.Selection(
        [("tier", "By tier"), ("own", "Agreed individually")],
        "Price List Chosen",
        required=True,
        default="tier",
        tracking=True,
        help="A price list that was agreed individually is never changed by the tier.",
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List",
        compute="_compute_pricelist_id",
        compute_sudo=False,
    )
    previous_pricelist_id = fields.Many2one(
        "product.pricelist",
        "Price List Before",
        readonly=True,
        copy=False,
        help="What the reseller had before; it comes back when the relationship ends.",
    )

    def _compute_pricelist_id(self):
        for relationship in self:
            partner = relationship._get_company_partner()
            relationship.pricelist_id = partner.property_product_pricelist

    def _get_company_partner(self):
        self.ensure_one()
        return self.partner_id.with_company(self.company_id)

    def _set_pricelist(self, pricelist):
        self.ensure_one()
        partner = self._get_company_partner().sudo()
        if partner.specific_property_product_pricelist != pricelist:
            partner.with_context(
                prm_set_pricelist=True
            ).specific_property_product_pricelist = pricelist

    def _remember_pricelist(self):
        """Keep what the reseller has when the relationship opens.

        A list that no tier gives was agreed with this reseller.
        """
        for relationship in self:
            present = (
                relationship._get_company_partner()
                .sudo()
                .specific_property_product_pricelist
            )
            grades = self.env["res.partner.grade"].sudo()
            by_tier = present and grades.with_context(active_test=False).search_count(
                [("default_pricelist_id", "=", present.id)], limit=1
            )
            # sudo - prm.relationship: bookkeeping of a change that was allowed
            relationship.sudo().write(
                {
                    "previous_pricelist_id": present.id if not by_tier else False,
                    "pricelist_source": "own" if present and not by_tier else "tier",
                }
            )

    def _apply_pricelist(self):
        """Give the list of the tier where the tier decides; without one, what was."""
        for relationship in self:
            if (
                relationship.state in OPEN_STATES
                and relationship.pricelist_source == "tier"
            ):
                by_tier = relationship.grade_id.sudo().default_pricelist_id
                relationship._set_pricelist(
                    by_tier or relationship.previous_pricelist_id
                )

    def _restore_pricelist(self):
        for relationship in self:
            if relationship.pricelist_source == "tier":
                relationship._set_pricelist(relationship.previous_pricelist_id)

    def _mirror_grade(self):
        self.partner_id._prm_mirror_grade()
