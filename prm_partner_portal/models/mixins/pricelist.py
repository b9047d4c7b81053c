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

    def _set_pricelists(self, chosen):
        """Give resellers their lists, in one write for each list and company.

        :param dict chosen: price list by relationship
        """
        groups = {}
        for relationship, pricelist in chosen.items():
            partner = relationship._get_company_partner().sudo()
            if partner.specific_property_product_pricelist != pricelist:
                key = relationship.company_id, pricelist
                groups.setdefault(key, []).append(partner.id)
        for (company, pricelist), ids in groups.items():
            # sudo - res.partner: the list follows from a change that was allowed
            partners = self.env["res.partner"].sudo().browse(ids)
            partners.with_company(company).with_context(
                prm_set_pricelist=True
            ).specific_property_product_pricelist = pricelist

    def _remember_pricelist(self):
        """Keep what the reseller has when the relationship opens.

        A list that no tier gives was agreed with this reseller.
        """
        grades = self.env["res.partner.grade"].sudo().with_context(active_test=False)
        by_tier = grades.search([("default_pricelist_id", "!=", False)])
        by_tier = by_tier.default_pricelist_id
        groups = {}
        for relationship in self:
            present = (
                relationship._get_company_partner()
                .sudo()
                .specific_property_product_pricelist
            )
            own = present - by_tier
            source = "own" if own else "tier"
            if (relationship.previous_pricelist_id, relationship.pricelist_source) != (
                own,
                source,
            ):
                groups.setdefault((own.id, source), []).append(relationship.id)
        for (previous_id, source), ids in groups.items():
            # sudo - prm.relationship: bookkeeping of a change that was allowed
            self.sudo().browse(ids).write(
                {"previous_pricelist_id": previous_id, "pricelist_source": source}
            )

    def _apply_pricelist(self):
        """Give the list of the tier where the tier decides; without one, what was."""
        self._set_pricelists(
            {
                relationship: relationship.grade_id.sudo().default_pricelist_id
                or relationship.previous_pricelist_id
                for relationship in self
                if relationship.state in OPEN_STATES
                and relationship.pricelist_source == "tier"
            }
        )

    def _restore_pricelist(self):
        self._set_pricelists(
            {
                relationship: relationship.previous_pricelist_id
                for relationship in self
                if relationship.pricelist_source == "tier"
            }
        )

    def _may_mirror_grade(self):
        """:return: whether the partner's tier is for this new relationship to set

        One that a company gave which has no relationship yet is not to be cleared.
        """
        self.ensure_one()
        partner_sudo = self.partner_id.sudo()
        company = partner_sudo.grade_id.company_id
        return (
            self.grade_id
            or company in (company.browse(), self.company_id)
            or len(partner_sudo.prm_relationship_ids) > 1
        )

    def _mirror_grade(self):
        self.partner_id._prm_mirror_grade()
