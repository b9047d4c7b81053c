from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..report.prm_product_reseller import ID_BASE
from .common import SALES_OWN
from .offer_common import OfferCommon
from .offers_common import TODAY


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestProductOfferMade(OfferCommon):
    def test_result_says_what_was_made_and_why_not(self):
        draft = self._create_order(
            self.gamma.partner_id, self.products[1], user_id=self.manager.id
        )
        offer = self._start()
        self.delta.state = "suspended"
        result = self._make(offer)
        self.assertEqual(
            (result.made_count, result.extended_count, result.skipped_count), (1, 1, 1)
        )
        self.assertEqual(
            self._get_outcomes(result),
            {
                self.gamma: ("extended", False),
                self.relationship: ("made", False),
                self.delta: ("skipped", "suspended"),
            },
        )
        self.assertEqual(result.line_ids[0].why, "The reseller is suspended")
        self.assertIn(draft, result.order_ids)
        self.assertEqual(len(result.order_ids), 2)
        action = result.action_view_orders()
        self.assertEqual(
            self.env["sale.order"].search(action["domain"]), result.order_ids
        )
        lines = result.order_ids.order_line.filtered("prm_source")
        self.assertEqual(lines.mapped("prm_source"), ["product"] * 2)

    def test_pressed_twice_is_made_once(self):
        offer = self._start()
        result = self._make(offer)
        self.assertEqual(self._make(offer), result)
        self.assertEqual(len(result.order_ids), 3)
        self.assertEqual(
            self.env["sale.order"].search_count(
                [("prm_relationship_id", "in", self.rels.ids), ("state", "=", "draft")]
            ),
            3,
        )

    def test_nothing_ticked(self):
        offer = self._start()
        offer.line_ids.ticked = False
        with self.assertRaisesRegex(UserError, "Tick the resellers that get"):
            offer.action_make()

    def test_what_is_no_quantity(self):
        offer = self._start()
        for quantity in (0, -3, 1e9):
            offer.line_ids[1].quantity = quantity
            with self.assertRaisesRegex(ValidationError, "Alpha Traders: a quantity"):
                offer.action_make()
        self.assertFalse(offer.result_id)
        offer.line_ids[1].ticked = False
        self.assertEqual(self._make(offer).made_count, 2)

    def test_what_changed_since_the_page_was_opened(self):
        for values, reason in (
            ({"active": False}, "not_saleable"),
            ({"sale_ok": False}, "not_saleable"),
            ({"prm_sold_through_resellers": False}, "assortment"),
        ):
            with self.subTest(values=values):
                offer = self._start()
                before = {name: self.mug[name] for name in values}
                self.mug.write(values)
                result = self._make(offer)
                self.mug.write(before)
                self.assertEqual(set(result.line_ids.mapped("reason")), {reason})
                self.assertEqual(result.skipped_count, 3)
                self.assertFalse(result.order_ids)
        offer = self._start()
        self.gamma.state = "ended"
        result = self._make(offer)
        self.assertEqual(self._get_outcomes(result)[self.gamma], ("skipped", "ended"))
        self.assertEqual(result.made_count, 2)

    def test_reseller_that_moved_to_a_colleague_meanwhile(self):
        seller = new_test_user(self.env, "prm_own", groups=SALES_OWN)
        offer = self._start(user=seller)
        self.gamma.user_id = self.manager
        self.env.invalidate_all()
        spec = {
            "line_ids": {
                "fields": {
                    "relationship_id": {"fields": {"display_name": {}}},
                    "quantity": {},
                    "price": {},
                    "expected": {},
                }
            }
        }
        (page,) = offer.web_read(spec)
        self.assertFalse(page["line_ids"][0]["price"])
        self.assertTrue(page["line_ids"][1]["price"])
        result = self._make(offer)
        self.assertEqual(
            self._get_outcomes(result)[self.gamma], ("skipped", "no_right")
        )
        self.assertEqual(result.made_count, 2)
        self.env.invalidate_all()
        spec["line_ids"]["fields"] = {
            "relationship_id": {"fields": {"display_name": {}}},
            "why": {},
        }
        (page,) = result.web_read(spec)
        self.assertIn("no right", page["line_ids"][0]["why"])

    def test_in_the_name_of_each_reseller_s_salesperson(self):
        self.gamma.user_id = self.salesperson
        offer = self._start()
        offer.salesperson = "reseller"
        result = self._make(offer)
        users = {order.prm_relationship_id: order.user_id for order in result.order_ids}
        self.assertEqual(
            users,
            {
                self.gamma: self.salesperson,
                self.relationship: self.manager,
                self.delta: self.manager,
            },
        )

    def test_page_is_its_maker_s_alone(self):
        offer = self._start()
        result = self._make(offer)
        for record in (
            offer,
            offer.line_ids,
            offer.target_ids,
            result,
            result.line_ids,
        ):
            with self.assertRaises(AccessError):
                record.with_user(self.salesperson).read([])
        with self.assertRaises(AccessError):
            offer.with_user(self.salesperson).action_make()
        with self.assertRaises(AccessError):
            offer.with_user(self.salesperson).action_tick_needed()

    def test_lines_of_others_that_a_client_makes_up_are_left_out(self):
        seller = new_test_user(self.env, "prm_own", groups=SALES_OWN)
        self.gamma.user_id = self.manager
        offer = self._start(user=seller)
        self.assertNotIn(self.gamma, offer.line_ids.relationship_id)
        offer.line_ids[0].relationship_id = self.gamma
        offer.candidates = [
            self.gamma.id * ID_BASE + self.mug.id,
            *offer.candidates,
            "1); DROP TABLE res_users; --",
        ][:2]
        result = self._make(offer)
        self.assertEqual(
            self._get_outcomes(result)[self.gamma], ("skipped", "no_right")
        )
        offer = self._start(user=seller)
        offer.candidates = [self.gamma.id * ID_BASE + self.mug.id]
        offer.action_tick_needed()
        self.assertFalse(offer.line_ids)
