from freezegun import freeze_time

from odoo.tests import tagged

from .offers_common import TODAY, OffersCommon

# Prices and stock included, of a reseller with a tier; what is in focus is one of them.
STATEMENTS = 19
# What goes with the lines of the order is one more.
STATEMENTS_WITH_LINES = 20


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOrderTabSpeed(OffersCommon):
    def _count_statements(self, **order):
        """As for the first list that a request reads: nothing is cached."""
        relationship = self.relationship.with_user(self.manager)
        order |= {"pricelist_id": self.list_a.id, "warehouse_id": self.warehouse.id}
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

    def test_lines_cost_one_statement_and_focus_none(self):
        present, found = self.products[0], self.products[1:3]
        outside = self.env["product.product"].create(
            [{"name": f"Outside the list {n}"} for n in range(9)]
        )
        self.assertEqual(
            self._count_statements(product_ids=present.ids), STATEMENTS_WITH_LINES
        )
        self._goes_with(present, found | outside[:7])
        self._focus(outside[7:] | self.products[7])
        offers = self._get_offers(product_ids=present.ids)
        self.assertEqual(len(offers["together"]), 5)
        self.assertEqual(
            self._count_statements(product_ids=present.ids), STATEMENTS_WITH_LINES
        )
