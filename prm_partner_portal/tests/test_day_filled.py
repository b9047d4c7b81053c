from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .day_common import NOW, DayCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDayFilled(DayCommon):
    """With all that is due in a quotation nothing is at stake, and yet the salesperson
    is not done: what came of the talk is still to be recorded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._due(cls.rel_alpha, cls.mugs[0])
        cls._due(cls.rel_both_a, cls.mugs[0], price=100)

    def _fill(self, relationship=None):
        relationship = (relationship or self.rel_alpha).with_user(self.salesperson)
        answer = relationship.quote_call({str(self.mugs[0].id): 10})
        return self.env["sale.order"].browse(answer["order_id"])

    def test_stays_until_it_is_said_what_came_of_it(self):
        order = self._fill()
        card = self._get_card(self.rel_alpha)
        self.assertEqual(
            card["why"], f"Quotation {order.name} was filled today. What came of it?"
        )
        self.assertEqual(card["settle"], "offered")
        self._record("offered")
        self.assertEqual(self._get_names(), ["Both Traders"])

    def test_says_so_when_it_was_ordered(self):
        order = self._fill()
        order.action_confirm()
        card = self._get_card(self.rel_alpha)
        self.assertIn(f"Order {order.name} was confirmed today", card["why"])
        self.assertEqual(card["settle"], "ordered")
        self._record("ordered")
        self.assertEqual(self._get_names(), ["Both Traders"])

    def test_comes_first(self):
        self._fill()
        self.rel_both_a.day_pinned = True
        self.assertEqual(self._get_names(), ["Alpha Traders", "Both Traders"])

    def test_others_have_nothing_to_say(self):
        self.assertIs(self._get_card(self.rel_alpha)["settle"], False)

    def test_due_again_when_cancelled(self):
        self._fill()._action_cancel()
        card = self._get_card(self.rel_alpha)
        self.assertIs(card["settle"], False)
        self.assertIn("Mug 0 is overdue", card["why"])

    def test_gone_tomorrow(self):
        self._fill()
        with freeze_time(NOW + timedelta(days=1)):
            self.assertNotIn("Alpha Traders", self._get_names())

    def test_put_off(self):
        self._fill()
        self.rel_alpha.with_user(self.salesperson).skip_in_day(True)
        self.assertNotIn("Alpha Traders", self._get_names())

    def test_not_listed_for_a_quotation_made_elsewhere(self):
        self._create_order(self.alpha, self.mugs[0], user_id=self.salesperson.id)
        self.assertNotIn("Alpha Traders", self._get_names())

    def test_listed_again_when_filled_after_the_last_contact(self):
        self._record("not_now")
        self.assertNotIn("Alpha Traders", self._get_names())
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE prm_contact SET create_date = create_date - INTERVAL '1 hour'"
        )
        self._fill()
        self.assertEqual(self._get_card(self.rel_alpha)["settle"], "offered")
        self.assertEqual(self._get_day()["counts"]["resting"], 0)

    def test_back_when_the_record_is_taken_back(self):
        self._fill()
        contact = self._record("offered")["contact_id"]
        self.rel_alpha.with_user(self.salesperson).undo_contact(contact)
        self.assertEqual(self._get_card(self.rel_alpha)["settle"], "offered")
