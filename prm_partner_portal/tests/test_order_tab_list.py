from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .offers_common import TODAY, OffersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOrderTabNeverOffered(OffersCommon):
    def test_two_blocks_in_order_of_rank_and_no_longer_than_they_may_be(self):
        more = self.env["product.product"].create(
            [{"name": f"Service {n}", "type": "consu"} for n in range(12)]
        )
        self._recommend(self.rel_both_a, more[:6])
        forgotten = self._recommend(self.rel_both_a, more[6:9], kind="forgotten")
        forgotten.rank = 10
        self._recommend(self.rel_both_a, more[9:] | self.products[:4], kind="new")
        offers = self._get_offers(relationship=self.rel_both_a)
        self.assertEqual([row["id"] for row in offers["due"]], more[:8].ids)
        self.assertEqual(
            [row["id"] for row in offers["new"]], (more[9:] | self.products[:2]).ids
        )
        self.assertEqual(offers["due"][7]["kind"], "forgotten")

    def test_three_of_one_article_are_seen_first_and_the_others_follow(self):
        names = ("Red Lunch Bag", "Blue Lunch Bag", "Lunch Bag Owl", "Bag for Lunch")
        more = ("Pink Lunch Bag", "Soap", "Bag of Paper", "Lunch Bowl")
        bags = self.env["product.product"].create(
            [{"name": name, "type": "consu"} for name in names + more]
        )
        for kind in ("due", "new"):
            self._recommend(self.rel_both_a, bags, kind=kind)
            offers = self._get_offers(relationship=self.rel_both_a)[kind]
            shown = [row["name"] for row in offers]
            first = (*names[:3], more[1], more[2])
            last = (names[3], more[0], more[3])
            self.assertEqual(shown, [*first, *last][: len(shown)])
            self.assertGreaterEqual(len(shown), 5)
            self.rel_both_a.recommendation_ids.sudo().unlink()

    def test_due_is_what_has_a_day_that_has_come_or_is_near(self):
        recommended = self.env["prm.recommendation"].search(
            [("relationship_id", "=", self.relationship.id), ("kind", "=", "due")],
            order="rank",
        )
        today = fields.Date.to_date(TODAY)
        days = (-40, 28, 29, None)
        for one, days_ahead in zip(recommended, days, strict=False):
            one.due_date = days_ahead is not None and today + timedelta(days_ahead)
        due = [row["due"] for row in self._get_offers()["due"]][: len(days)]
        self.assertEqual(due, [True, True, False, False])

    def _set_due(self, *days):
        recommended = self.env["prm.recommendation"].search(
            [("relationship_id", "=", self.relationship.id), ("kind", "=", "due")],
            order="rank",
        )
        today = fields.Date.to_date(TODAY)
        for one, ahead in zip(recommended, days, strict=True):
            one.due_date = ahead and today + timedelta(ahead)

    def test_what_was_just_bought_is_not_named_unless_it_is_due_again(self):
        self._set_due(8, 7, None, 15, 90)
        for product, days_ago in zip(self.products, (7, 7, 14, 14, 15), strict=False):
            self._bought(product, days_ago, 1.0)
        relationship = self.relationship.with_user(self.salesperson)
        for block in (self._get_offers()["due"], relationship.get_call()["due"]):
            shown = [row["id"] for row in block]
            self.assertEqual(shown, [self.products[1].id, self.products[4].id])

    def test_what_was_just_bought_is_named_where_there_is_nothing_else(self):
        self._set_due(8, 9, None, 17, 18)
        for product, days_ago in zip(self.products, (7, 2, 3, 8, 8), strict=False):
            self._bought(product, days_ago, 1.0)
        offers = self._get_offers()
        self.assertTrue(offers["new"])
        self.assertFalse(offers["due"], "what is new is something else")
        self.env["prm.recommendation"].search(
            [("relationship_id", "=", self.relationship.id), ("kind", "=", "new")]
        ).unlink()
        shown = [row["id"] for row in self._get_offers()["due"]]
        self.assertEqual(shown, self.products[:5].ids)

    def test_archived_and_unsaleable_products_are_not_offered(self):
        self.products[0].active = False
        self.products[1].sale_ok = False
        self.products[2].prm_sold_through_resellers = False
        self.assertEqual(self._get_ids(), self.products[3:].ids)

    def test_other_assortment_or_tier_is_not_offered(self):
        self.products[0].prm_minimum_grade_id = self.gold_a
        self.env["prm.assortment"].create(
            {
                "name": "Without",
                "relationship_ids": [Command.link(self.relationship.id)],
                "line_ids": [
                    Command.create(
                        {
                            "mode": "exclude",
                            "product_tmpl_id": self.products[6].product_tmpl_id.id,
                        }
                    )
                ],
            }
        )
        allowed = self.products - self.products[0] - self.products[6]
        self.assertEqual(self._get_ids(), allowed.ids)

    def test_open_quotation_hides_what_it_covers_and_leaves_the_difference(self):
        self._create_order(self.alpha, self.products[0], 5)
        self._create_order(self.alpha, self.products[1], 3)
        self.assertNotIn(self.products[0].id, self._get_ids())
        row = self._get_row(self.products[1])
        self.assertEqual((row["quantity"], row["pending"]), (2, 3))

    def test_expired_and_cancelled_quotations_hide_nothing(self):
        expired = self._create_order(self.alpha, self.products[0], 5)
        expired.validity_date = fields.Date.today() - timedelta(days=1)
        self._create_order(self.alpha, self.products[1], 5)._action_cancel()
        self._create_order(self.beta, self.products[2], 5, company=self.company_b)
        self.assertEqual(self._get_ids(), self.products.ids)

    def test_units_of_the_line_are_counted_in_the_product_s_unit(self):
        order = self._create_order(self.alpha, self.products[0], 1)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.assertNotIn(self.products[0].id, self._get_ids())

    def test_order_hides_until_it_is_delivered_or_given_up(self):
        order = self._create_order(self.alpha, self.products[0], 5)
        order.action_confirm()
        self.assertNotIn(self.products[0].id, self._get_ids())
        order.picking_ids.move_ids._action_cancel()
        self.assertIn(self.products[0].id, self._get_ids())

    def test_order_at_hand_is_not_another_one_and_its_products_leave(self):
        order = self._create_order(self.alpha, self.products[0], 5)
        self.assertIn(self.products[0].id, self._get_ids(order_id=order.id))
        present = self.products[:2].ids
        self.assertEqual(self._get_ids(product_ids=present), self.products[2:].ids)

    def test_returned_product_rests_sixty_days(self):
        order = self._bought(self.products[0], 3)
        self._return(order)
        self.assertNotIn(self.products[0].id, self._get_ids())
        with freeze_time(TODAY + timedelta(days=59)):
            self.assertNotIn(self.products[0].id, self._get_ids())
        with freeze_time(TODAY + timedelta(days=61)):
            self.assertIn(self.products[0].id, self._get_ids())

    def _return(self, order):
        picking = order.picking_ids
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.write({"quantity": 1, "picked": True})
        back.button_validate()

    def test_without_stock_only_what_comes_soon_is_offered_with_its_date(self):
        self._set_stock(self.products[:3], -100)
        self._receive(self.products[0], 10)
        self._receive(self.products[1], 40)
        self.products[2].is_storable = False
        ids = self._get_ids()
        self.assertIn(self.products[0].id, ids)
        self.assertNotIn(self.products[1].id, ids)
        self.assertIn(self.products[2].id, ids)
        row = self._get_row(self.products[0])
        self.assertEqual((row["free"], row["arrival"]), (0, "2026-03-26"))
        self.assertIsNone(self._get_row(self.products[2])["free"])
        self.assertEqual(self._get_row(self.products[3])["free"], 100)

    def _receive(self, product, days):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": 20,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.warehouse.lot_stock_id.id,
                "date": TODAY + timedelta(days=days),
            }
        )
        move._action_confirm()

    def test_stock_of_another_warehouse_does_not_count(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        self.assertTrue(self._get_ids(warehouse_id=self.warehouse.id))
        self.assertFalse(self._get_ids(warehouse_id=other.id))

    def test_only_active_relationships_are_offered_something(self):
        self.relationship.sudo().state = "suspended"
        with self.assertRaises(UserError):
            self._get_offers()

    def test_offers_to_resellers_of_others_are_refused(self):
        self.relationship.user_id = self.manager
        product_id = self.products[0].id
        event_id = self.relationship.record_offered(product_id)
        calls = {
            "get_offers": (),
            "get_resting_offers": (),
            "record_shown": ([product_id],),
            "record_offered": (product_id,),
            "dismiss_offer": (product_id, "wrong"),
            "undo_offer_event": (event_id,),
            "exclude_offer_category": (event_id,),
        }
        for user in (self.salesperson, self.user_alpha, self.employee, self.stranger):
            for name, arguments in calls.items():
                with self.subTest(user=user.login, method=name):
                    method = getattr(self.relationship.with_user(user), name)
                    with self.assertRaises(AccessError):
                        method(*arguments)

    def test_ids_that_are_none_are_refused_with_what_was_found(self):
        for bad in ("1", [True], [-1], ["x"], [2**31]):
            with self.assertRaises(ValidationError):
                self._get_offers(product_ids=bad)
        with self.assertRaisesRegex(ValidationError, "yesterday"):
            self._get_offers(date_order="yesterday")

    def test_price_list_and_order_of_another_company_are_refused(self):
        with self.assertRaises(AccessError):
            self._get_offers(pricelist_id=self.list_b.id)
        order = self._create_order(self.beta, self.product, company=self.company_b)
        with self.assertRaises(AccessError):
            self._get_offers(order_id=order.id)

    def test_empty_list_says_whether_anything_is_stored(self):
        self.assertEqual(
            self._get_offers(relationship=self.rel_both_a)["empty"], "none"
        )
        self.assertEqual(
            self._get_offers(product_ids=self.products.ids)["empty"], "hidden"
        )
