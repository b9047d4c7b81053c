from odoo import fields, models
from odoo.fields import Domain


class PrmAssortmentMixin(models.AbstractModel):
    """What may be sold to a reseller."""

    _name = "prm.assortment.mixin"
    _description = "Assortment of a Relationship"

    assortment_ids = fields.Many2many(
        "prm.assortment",
        string="Assortments",
        domain="[('company_id', 'in', [False, company_id])]",
        help="In addition to those of the tier.",
    )

    def _prm_get_today(self):
        """:return: the day that it is at the relationship's company"""
        self.ensure_one()
        return self.company_id._prm_get_today()

    def _prm_get_product_domain(self, today=None):
        """What may be sold to this reseller today.

        One answer for the nightly run, the order, the catalogue and the portal.

        :return: a domain on product.product
        """
        self.ensure_one()
        assortments = (
            self.env["prm.assortment"]
            .sudo()
            .search(
                Domain("company_id", "in", [False, self.company_id.id])
                & (
                    Domain("relationship_ids", "in", self.ids)
                    | Domain("grade_ids", "in", self.sudo().grade_id.ids)
                )
            )
        )
        return (
            Domain("sale_ok", "=", True)
            & Domain("active", "=", True)
            & Domain("type", "!=", "combo")
            & Domain("company_id", "in", [False, self.company_id.id])
            & Domain("prm_sold_through_resellers", "=", True)
            & self._prm_get_tier_domain()
            & assortments._get_product_domain(today or self._prm_get_today())
        )

    def _prm_get_sellable(self, products):
        """What of some products may be sold to each reseller today.

        Resellers of one tier with the same assortments get the same answer: it is
        looked up once for all of them.

        :return: dict: products by relationship
        """
        groups = {}
        for relationship_sudo in self.sudo():
            key = (
                relationship_sudo.company_id,
                relationship_sudo.grade_id,
                frozenset(relationship_sudo.assortment_ids.ids),
            )
            groups.setdefault(key, []).append(relationship_sudo.id)
        sellable = {}
        for (company, _grade, _assortments), ids in groups.items():
            alike = self.browse(ids)
            found = products.sudo().with_company(company)
            found = found.search(
                Domain("id", "in", products.ids) & alike[0]._prm_get_product_domain()
            )
            sellable |= dict.fromkeys(alike, products.browse(found.ids))
        return sellable

    def _prm_get_tier_domain(self):
        """Tiers rank by their sequence: the first is the highest."""
        open_to_all = Domain("prm_minimum_grade_id", "=", False)
        grade = self.sudo().grade_id
        if not grade:
            return open_to_all
        return open_to_all | Domain(
            "prm_minimum_grade_id.sequence", ">=", grade.sequence
        )
