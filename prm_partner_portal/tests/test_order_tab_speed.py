from freezegun import freeze_time

from odoo.tests import tagged

from .offers_common import TODAY, OffersCommon

# Prices and stock included, of a reseller with a tier.
STATEMENTS = 18


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOrderTabSpeed(OffersCommon):
    def _count_statements(self):
        """As for the first list that a request reads: nothing is cached."""
        relationship = self.relationship.with_user(self.manager)
        order = {"pricelist_id": self.list_a.id, "warehouse_id": self.warehouse.id}
        relationship.get_offers(order)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        offers = relationship.get_offers(order)
        self.assertTrue(offers["due"])
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_depend_on_what_is_in_the_list(self):
        recommended = self.env["prm.recommendation"].search([])
        recommended[1:].unlink()
        self.assertEqual(self._count_statements(), STATEMENTS)
        others = self.env["product.product"].create(
            [{"name": f"Outside the list {n}"} for n in range(7)]
        )
        self._recommend(self.relationship, self.products - recommended[0].product_id)
        recommended = self.env["prm.recommendation"].search([], order="id")
        for one, other in zip(recommended, others, strict=False):
            one.reasons = [{"code": "together", "params": {"product": other.id}}]
        for product in self.products:
            self._bought(product, days_ago=30)
        self._create_order(self.alpha, self.products[0], 2)
        offers = self.relationship.with_user(self.manager)
        offers.dismiss_offer(self.products[2].id, "enough")
        offers.record_offered(self.products[3].id)
        self.assertEqual(self._count_statements(), STATEMENTS)
