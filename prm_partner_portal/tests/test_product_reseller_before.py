from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .offers_common import TODAY
from .resellers_common import ResellersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestProductResellerBefore(ResellersCommon):
    """Who bought what a product replaces is offered the product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.oldest, cls.older = cls.env["product.product"].create(
            [{"name": "Oldest Mug"}, {"name": "Older Mug"}]
        )
        cls.oldest.prm_successor_id = cls.older.product_tmpl_id
        cls.older.prm_successor_id = cls.mug.product_tmpl_id

    def test_buyer_of_the_predecessor_is_listed_and_says_why(self):
        self._bought_by(self.epsilon, self.older, 40, 7)
        self._bought_by(self.epsilon, self.oldest, 60, 2)
        self.older.active = False
        row = self._get_row(self.epsilon)
        self.assertEqual((row.kind, row.quantity, row.expected), ("former", 7, 0))
        self.assertEqual(row.last_date, date(2026, 2, 4))
        self.assertEqual(
            row.reason,
            "Bought the predecessor Older Mug in 2 orders, the last 40 days ago",
        )

    def test_bought_once(self):
        self._bought_by(self.epsilon, self.oldest, 1)
        reason = self._get_row(self.epsilon).reason
        self.assertEqual(reason, "Bought the predecessor Oldest Mug once, yesterday")

    def test_own_purchases_come_before_those_of_the_predecessor(self):
        self._bought_by(self.epsilon, self.mug, 90, 3)
        self._bought_by(self.epsilon, self.older, 40, 7)
        row = self._get_row(self.epsilon)
        self.assertEqual(row.quantity, 3)
        self.assertEqual(row.reason, "Bought once, 90 days ago")
        self.assertEqual(len(self._get_rows()), 4)

    def test_quotation_of_the_predecessor_is_none_of_the_product(self):
        self._create_order(self.epsilon.partner_id, self.older, 5)
        self.assertFalse(self._get_row(self.epsilon))
        self._bought_by(self.epsilon, self.older, 40)
        row = self._get_row(self.epsilon)
        self.assertEqual(row.quoted, 0)
        self._create_order(self.epsilon.partner_id, self.mug, 4)
        row.invalidate_recordset()
        self.assertEqual(row.quoted, 4)

    def test_quantity_is_in_the_unit_of_the_product(self):
        self.older.uom_id = self.env.ref("uom.product_uom_dozen")
        self._bought_by(self.epsilon, self.older, 40, 2)
        self.assertEqual(self._get_row(self.epsilon).quantity, 24)

    def test_predecessor_itself_lists_its_own_buyers_only(self):
        self._bought_by(self.epsilon, self.older, 40)
        self._bought_by(self.delta, self.mug, 40)
        rows = self._get_rows(self.older)
        self.assertEqual(rows.relationship_id, self.epsilon)
        self.assertEqual(rows.reason, "Bought once, 40 days ago")

    def test_who_no_longer_has_a_successor(self):
        self._bought_by(self.epsilon, self.older, 40)
        self.assertTrue(self._get_row(self.epsilon))
        self.older.prm_successor_id = False
        self.assertFalse(self._get_row(self.epsilon))

    def test_colleague_s_reseller_is_not_seen_through_the_predecessor(self):
        self.epsilon.user_id = self.manager
        self._bought_by(self.epsilon, self.older, 40)
        self.assertTrue(self._get_row(self.epsilon))
        self.assertFalse(self._get_row(self.epsilon, user=self.salesperson))
