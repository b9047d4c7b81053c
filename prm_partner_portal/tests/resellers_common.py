from datetime import timedelta

from odoo import fields

from .offers_common import OffersCommon


class ResellersCommon(OffersCommon):
    """Mug 0 stands in three lists, and a fourth reseller once bought it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mug = cls.products[0]
        cls.env["prm.recommendation"].sudo().search([]).unlink()
        cls.rels = cls.relationship
        for name in ("Gamma", "Delta", "Epsilon"):
            partner = cls._create_reseller(f"{name} Traders")
            cls.rels |= cls._create_relationship(partner, cls.company_a)
        cls.gamma, cls.delta, cls.epsilon = cls.rels[1:]
        for relationship, probability in zip(
            cls.rels[:3], (0.5, 0.8, 0.2), strict=True
        ):
            cls._recommend(
                relationship, cls.mug, quantity=10.0, probability=probability
            )

    def _get_page(self, products=None, user=None, **context):
        page = self.env["prm.product.reseller"].with_user(user or self.manager)
        return page.with_context(prm_product_ids=(products or self.mug).ids, **context)

    def _get_rows(self, products=None, user=None, domain=()):
        return self._get_page(products, user).search(list(domain))

    def _get_row(self, relationship, product=None, **options):
        rows = self._get_rows(product, **options)
        return rows.filtered(lambda row: row.relationship_id == relationship)

    @classmethod
    def _bought_by(cls, relationship, product, days_ago, quantity=3.0, **values):
        order = cls._create_order(relationship.partner_id, product, quantity, **values)
        order.action_confirm()
        order.date_order = fields.Datetime.now() - timedelta(days=days_ago)
        return order
