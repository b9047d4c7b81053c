from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import SALES_ALL
from .offers_common import TODAY, OffersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestEvent(OffersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "prm_seller", groups=SALES_ALL)
        cls.offers = cls.relationship.with_user(cls.seller)
        cls.mug = cls.products[0]

    def _dismiss(self, reason, product=None, user=None, **values):
        offers = self.relationship.with_user(user or self.seller)
        return offers.dismiss_offer((product or self.mug).id, reason, **values)

    def _is_offered_on(self, days, product=None, **order):
        with freeze_time(TODAY + timedelta(days=days)):
            return (product or self.mug).id in self._get_ids(**order)

    def assert_rests(self, days, **order):
        self.assertFalse(self._is_offered_on(0, **order))
        self.assertFalse(self._is_offered_on(days - 1, **order))
        self.assertTrue(self._is_offered_on(days, **order))

    # Append-only

    def test_what_happened_is_neither_changed_nor_deleted(self):
        self._dismiss("wrong")
        event = self._get_events("dismissed")
        for user in (self.env.user, self.manager, self.seller):
            with self.assertRaises(UserError):
                event.with_user(user).sudo().write({"reason": "price"})
            with self.assertRaises(UserError):
                event.with_user(user).sudo().unlink()
        with self.assertRaises(AccessError):
            event.with_user(self.manager).copy()
        self.relationship.sudo().unlink()
        self.assertFalse(event.exists(), "goes with the reseller")

    def test_others_see_only_their_own_events_and_managers_all(self):
        self._dismiss("wrong")
        event = self._get_events("dismissed")
        self.assertIn(event, event.with_user(self.manager).search([]))
        self.assertIn(event, event.with_user(self.seller).search([]))
        self.assertFalse(event.with_user(self.salesperson).search([]))

    # Shown

    def test_shown_once_per_product_user_and_day(self):
        ids = self.products[:3].ids
        self.assertEqual(self.offers.record_shown(ids), 3)
        self.assertEqual(self.offers.record_shown(ids), 0)
        manager = self.relationship.with_user(self.manager)
        self.assertEqual(manager.record_shown(self.products[:4].ids), 4)
        with freeze_time(TODAY + timedelta(days=1)):
            self.assertEqual(self.offers.record_shown(ids), 3)
        event = self._get_events("shown", product_id=self.mug.id)[-1]
        self.assertEqual((event.user_id, event.kind), (self.seller, "due"))
        self.assertEqual((event.rank, event.probability), (1, 0.5))

    def test_shown_is_one_statement(self):
        self.relationship._prm_get_today()
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env["prm.recommendation.event"]._record_shown(
                self.relationship, self.products.ids, "order"
            )

    def test_day_of_an_event_is_the_company_s(self):
        self.company_a.partner_id.tz = "Asia/Jakarta"
        with freeze_time("2026-03-16 20:00:00"):
            self.offers.record_shown(self.mug.ids)
        self.assertEqual(self._get_events("shown").date, date(2026, 3, 17))

    def test_shown_six_days_in_vain_goes_behind_for_28_days(self):
        self._show_on(range(-5, 0))
        self.assertEqual(self._get_ids()[0], self.mug.id)
        self._show_on([0])
        self.assertEqual(self._get_ids()[4], self.mug.id)
        self.assertEqual(self._first_on(27), self.products[1].id)
        self.assertEqual(self._first_on(28), self.mug.id)

    def test_action_begins_the_count_anew(self):
        self._show_on(range(-5, 0))
        self.offers.record_offered(self.mug.id)
        self._show_on(range(1, 6))
        self.assertEqual(self._first_on(5), self.mug.id)
        self._show_on([6])
        self.assertEqual(self._first_on(6), self.products[1].id)

    def test_six_days_of_a_year_are_not_in_vain(self):
        self._show_on(range(-100, 0, 20))
        self._show_on([0])
        self.assertEqual(self._first_on(0), self.mug.id)

    def test_declined_goes_behind_for_28_days(self):
        order = self._create_order(self.alpha, self.product)
        self.offers.record_offered(self.mug.id, {"order_id": order.id})
        self.assertEqual(self._first_on(0), self.mug.id)
        order._action_cancel()
        self.assertEqual(self._first_on(27), self.products[1].id)
        self.assertEqual(self._first_on(28), self.mug.id)

    def _show_on(self, days):
        for day in days:
            with freeze_time(TODAY + timedelta(days=day)):
                self.offers.record_shown(self.mug.ids)

    def _first_on(self, day):
        with freeze_time(TODAY + timedelta(days=day)):
            return self._get_ids()[0]

    # Dismissed

    def test_enough_rests_for_the_own_interval_within_limits(self):
        for days_ago in (150, 100, 50):
            self._bought(self.mug, days_ago)
        for days_ago in (20, 10):
            self._bought(self.products[1], days_ago)
        for days_ago in (400, 10):
            self._bought(self.products[2], days_ago)
        intervals = [50, 30, 120, 60]
        for product, days in zip(self.products[:4], intervals, strict=True):
            until = self._dismiss("enough", product)["until"]
            self.assertEqual(until, str(TODAY.date() + timedelta(days=days)))
        self.assert_rests(50)

    def test_elsewhere_rests_sixty_days_with_a_note(self):
        self._dismiss("elsewhere", note="x" * 600)
        self.assert_rests(60)
        self.assertEqual(len(self._get_events("dismissed").note), 500)

    def test_wrong_rests_half_a_year(self):
        self._dismiss("wrong")
        self.assert_rests(180)

    def test_range_rests_a_year_and_only_a_manager_is_asked(self):
        self.mug.categ_id = self.env["product.category"].create({"name": "Mugs"})
        self.assertFalse(self._dismiss("range")["category"])
        self.assert_rests(365)
        answer = self._dismiss("range", user=self.manager)
        self.assertEqual(answer["category"], "Mugs")
        with self.assertRaises(AccessError):
            self.offers.exclude_offer_category(answer["event_id"])
        self.products[1].categ_id = self.mug.categ_id
        manager = self.relationship.with_user(self.manager)
        name = manager.exclude_offer_category(answer["event_id"])
        self.assertEqual(name, "Assortment of Alpha Traders")
        self.assertEqual(manager.exclude_offer_category(answer["event_id"]), name)
        lines = self.relationship.assortment_ids.line_ids
        self.assertEqual(lines.category_id, self.mug.categ_id)
        self.assertEqual(lines.mode, "exclude")
        self.assertFalse(self._is_offered_on(400))
        self.assertFalse(self._is_offered_on(0, self.products[1]))

    def test_price_rests_until_it_falls_by_five_percent_or_ninety_days(self):
        pricelist = self.env["product.pricelist"].create({"name": "Own"})
        order = {"pricelist_id": pricelist.id}
        self._dismiss("price", order=order)
        event = self._get_events("dismissed")
        self.assertEqual((event.price, event.quantity), (10, 5))
        self.assertEqual(event.price_currency_id, pricelist.currency_id)
        self.assert_rests(90, **order)
        self.mug.list_price = 9.6
        self.assertFalse(self._is_offered_on(1, **order))
        self.mug.list_price = 9.5
        self.assertTrue(self._is_offered_on(1, **order))

    def test_price_is_compared_at_the_quantity_that_was_refused(self):
        pricelist = self.env["product.pricelist"].create({"name": "Tiers"})
        self._create_rule(pricelist, fixed_price=5, min_quantity=50)
        order = {"pricelist_id": pricelist.id}
        self._dismiss("price", order=order)
        recommendation = self.env["prm.recommendation"].search(
            [("product_id", "=", self.mug.id)]
        )
        recommendation.quantity = 60
        self.assertFalse(self._is_offered_on(1, **order))

    def test_undone_at_once_or_later_by_anybody_who_may_see_the_reseller(self):
        answer = self._dismiss("wrong")
        self.assertFalse(self._is_offered_on(0))
        (resting,) = self.offers.get_resting_offers()
        self.assertEqual(resting["event_id"], answer["event_id"])
        self.assertEqual(resting["reason"], "Wrong suggestion")
        manager = self.relationship.with_user(self.manager)
        manager.undo_offer_event(answer["event_id"])
        manager.undo_offer_event(answer["event_id"])
        self.assertTrue(self._is_offered_on(0))
        self.assertFalse(self.offers.get_resting_offers())
        undone = self._get_events("undone")
        self.assertEqual(undone.undone_id.id, answer["event_id"])
        self.assertEqual(undone.user_id, self.manager)

    def _exclude_mugs(self, event):
        self.mug.categ_id = self.env["product.category"].create({"name": "Mugs"})
        values = {"mode": "exclude", "category_id": self.mug.categ_id.id}
        return self.env["prm.assortment"].create(
            {
                "name": "Alpha",
                "relationship_ids": self.relationship.ids,
                "line_ids": [
                    (0, 0, {**values, "event_id": event.id}),
                    (0, 0, values),
                ],
            }
        )

    def test_undo_takes_the_exclusion_back_that_the_dismissal_led_to(self):
        answer = self._dismiss("range", user=self.manager)
        assortment = self._exclude_mugs(self._get_events("dismissed"))
        by_hand = assortment.line_ids.filtered(lambda line: not line.event_id)
        manager = self.relationship.with_user(self.manager)
        manager.undo_offer_event(answer["event_id"])
        self.assertEqual(assortment.line_ids, by_hand)

    def test_dismissed_category_excluded_and_undone_is_offered_again(self):
        self.mug.categ_id = self.env["product.category"].create({"name": "Mugs"})
        manager = self.relationship.with_user(self.manager)
        answer = self._dismiss("range", user=self.manager)
        manager.exclude_offer_category(answer["event_id"])
        self.assertNotIn(self.mug.id, self._get_ids())
        manager.undo_offer_event(answer["event_id"])
        self.assertIn(self.mug.id, self._get_ids())

    def test_only_a_manager_undoes_what_excluded_a_category(self):
        answer = self._dismiss("range", user=self.manager)
        assortment = self._exclude_mugs(self._get_events("dismissed"))
        with self.assertRaisesRegex(UserError, "Mugs"):
            self.offers.undo_offer_event(answer["event_id"])
        self.assertEqual(len(assortment.line_ids), 2)
        self.assertFalse(self._get_events("undone"))

    def test_event_of_another_reseller_is_not_undone(self):
        answer = self._dismiss("wrong")
        other = self.rel_both_a.with_user(self.manager)
        with self.assertRaises(AccessError):
            other.undo_offer_event(answer["event_id"])
        with self.assertRaises(AccessError):
            other.exclude_offer_category(answer["event_id"])
        self.offers.record_shown(self.mug.ids)
        with self.assertRaises(UserError):
            self.offers.undo_offer_event(self._get_events("shown").id)

    def test_bad_reasons_and_products_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "boring"):
            self._dismiss("boring")
        with self.assertRaisesRegex(UserError, "not recommended"):
            self._dismiss("wrong", self.product)
        with self.assertRaises(ValidationError):
            self.offers.dismiss_offer("1", "wrong")

    def test_dismissing_while_a_new_list_is_published(self):
        self.offers.record_shown(self.mug.ids)
        self.env["prm.recommendation"].sudo().search([]).unlink()
        self._dismiss("wrong")
        self.assertEqual(self._get_events("dismissed").kind, "due")
        self._recommend(self.relationship, self.products)
        self.assertFalse(self._is_offered_on(0))

    def test_offered_is_marked_and_can_be_taken_back(self):
        event_id = self.offers.record_offered(self.mug.id)
        self.assertEqual(self._get_row(self.mug)["offered_id"], event_id)
        self.offers.undo_offer_event(event_id)
        self.assertFalse(self._get_row(self.mug)["offered_id"])
