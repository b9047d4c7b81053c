from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..wizard import prm_product_offer as offer_module
from .offer_common import OfferCommon
from .offers_common import TODAY


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestProductOffer(OfferCommon):
    def test_opens_with_what_is_free_in_stock(self):
        offer = self._start()
        self.assertEqual((offer.free, offer.to_clear), (97, 97))
        self.assertEqual(
            offer.text,
            "The whole list (resellers: 3) clears about 15 of 97 Units within 28 days.",
        )
        self.assertEqual(
            self._get_ticked(offer), self.gamma | self.relationship | self.delta
        )
        self.assertEqual((offer.ticked_count, offer.ticked_expected), (3, 15))
        # Of a former buyer nothing is expected: not ticked, but there.
        self.assertEqual(offer.line_ids[-1].relationship_id, self.epsilon)
        self.assertEqual(offer.line_ids.mapped("cumulative"), [8, 13, 15, 0])

    def test_what_is_reserved_is_not_free(self):
        order = self._create_order(self.both, self.mug, 20)
        order.action_confirm()
        self.assertEqual(self._start().free, 77)

    def test_as_many_from_the_top_as_it_takes(self):
        for quantity, resellers, text in (
            (8, 1, "top: 1 of 3 resellers, who take about 8 Units within 28 days."),
            (8.5, 2, "top: 2 of 3 resellers, who take about 13 Units within"),
            (13, 2, "top: 2 of 3 resellers, who take about 13 Units"),
            (14, 3, "top: 3 of 3 resellers, who take about 15 Units"),
            (1_000_000, 3, "whole list (resellers: 3) clears about 15 of 1,000,000"),
        ):
            with self.subTest(quantity=quantity):
                offer = self._clear(quantity)
                self.assertEqual(offer.ticked_count, resellers)
                self.assertIn(text, offer.text)

    def test_the_largest_first(self):
        self._recommend(self.rel_both_a, self.mug, quantity=90.0, probability=0.1)
        offer = self._clear(9)
        self.assertEqual(self._get_ticked(offer), self.gamma | self.relationship)
        offer.first = "expected"
        offer.action_tick_needed()
        self.assertEqual(self._get_ticked(offer), self.rel_both_a)

    def test_nothing_to_clear_asks_how_much(self):
        offer = self._clear(0)
        self.assertFalse(offer.ticked_count)
        self.assertIn("takes about 15 Units within 28 days. How much", offer.text)

    def test_quantity_to_clear_is_checked(self):
        offer = self._start()
        for quantity in (-1, 1e7):
            with self.assertRaises(ValidationError) as refusal:
                offer.write({"to_clear": quantity})
            self.assertIn("from 0 to 1000000, found", str(refusal.exception))
        self.assertEqual(offer.target_ids.to_clear, 97)

    def test_nobody_is_likely_to_buy(self):
        self.env["prm.recommendation"].sudo().search([]).unlink()
        offer = self._start()
        self.assertIn("Nobody to count on", offer.text)
        self.assertEqual(offer.line_ids.relationship_id, self.epsilon)

    def test_no_reseller_at_all(self):
        with self.assertRaisesRegex(UserError, "nobody to offer this to"):
            self._start(products=self.products[7])

    def test_only_what_the_list_was_filtered_to(self):
        offer = self._start(domain=[("relationship_id", "!=", self.gamma.id)])
        self.assertIn("The whole list (resellers: 2) clears about 7", offer.text)
        self.assertNotIn(self.gamma, offer.line_ids.relationship_id)

    def test_what_speaks_against_is_not_ticked_and_comes_last(self):
        self._create_order(self.gamma.partner_id, self.mug)
        self.relationship.with_user(self.manager).dismiss_offer(self.mug.id, "enough")
        self.mug.prm_minimum_grade_id = self.gold_a
        self.delta.grade_id = self.gold_a
        offer = self._start()
        self.assertEqual(self._get_ticked(offer), self.delta)
        self.assertIn("(resellers: 1) clears about 2 of 97", offer.text)
        self.assertIn("Not counted: 2 that have it in a quotation", offer.text)
        reasons = {
            line.relationship_id: line.reason.split(";")[0] for line in offer.line_ids
        }
        self.assertEqual(
            reasons,
            {
                self.delta: "Usually every 28 days, last bought 31 days ago",
                self.gamma: "Not in the reseller's assortment",
                self.relationship: "Not in the reseller's assortment",
                self.epsilon: "Not in the reseller's assortment",
            },
        )
        self.mug.prm_minimum_grade_id = False
        offer = self._start()
        self.assertEqual(
            [line.relationship_id for line in offer.line_ids],
            [self.delta, self.epsilon, self.gamma, self.relationship],
        )
        self.assertEqual(self._get_ticked(offer), self.delta)

    def test_who_is_ticked_in_the_list_is_ticked(self):
        self._create_order(self.gamma.partner_id, self.mug)
        rows = self._get_rows().filtered(lambda row: row.relationship_id != self.delta)
        offer = self._start(rows)
        self.assertEqual(offer.ticked_count, 3)
        self.assertEqual(
            self._get_ticked(offer), self.relationship | self.epsilon | self.gamma
        )
        with self.assertRaisesRegex(UserError, "Tick the resellers first"):
            self._get_page().action_make_quotations()

    def test_two_hundred_at_a_time(self):
        self._limit(2)
        rows = self._get_rows()
        with self.assertRaisesRegex(UserError, "4 resellers are ticked.*at most 2"):
            rows.action_make_quotations()
        offer = self._start()
        self.assertEqual(offer.ticked_count, 2)
        self.assertEqual(len(offer.line_ids), 2)
        self.assertEqual(
            offer.text,
            "The first 2 resellers, no more are possible at a time, take about 13 of 97"
            " Units within 28 days; the whole list (resellers: 3) about 15.",
        )
        self.assertEqual(self._make(offer).made_count, 2)
        self._limit(4)
        offer = self._start()
        offer.line_ids.ticked = True
        self._limit(3)
        with self.assertRaisesRegex(UserError, "4 resellers are ticked.*at most 3"):
            offer.action_make()

    def test_rows_at_a_time(self):
        rows = self._get_rows()
        with (
            patch.object(offer_module, "LINES_LIMIT", 3),
            self.assertRaisesRegex(UserError, "4 rows are ticked: at most 3"),
        ):
            rows.action_make_quotations()

    def test_quantity_is_what_the_price_list_asks_for_at_least(self):
        self.gamma.grade_id = self.gold_a
        self.list_a.item_ids.unlink()
        self._create_rule(
            self.list_a,
            applied_on="0_product_variant",
            product_id=self.mug.id,
            compute_price="fixed",
            fixed_price=7.77,
            min_quantity=25,
        )
        self.mug.prm_sales_pack = 10
        line = self._start().line_ids[0]
        self.assertEqual((line.quantity, line.price), (30, 7.77))
        # It is not expected to take more because the price list wants it to.
        self.assertEqual(line.expected, 8)

    def test_quantity_that_was_typed_is_kept(self):
        offer = self._start()
        with Form(offer) as form:
            with form.line_ids.edit(0) as line:
                line.quantity = 40
                self.assertEqual(line.expected, 8)
            with form.line_ids.edit(1) as line:
                line.quantity = 4
                self.assertEqual(line.expected, 2)
        offer.action_tick_needed()
        self.assertEqual(offer.line_ids.mapped("quantity"), [40, 4, 10, 3])
        result = self._make(offer)
        quantities = result.order_ids.sorted("id").order_line.mapped("product_uom_qty")
        self.assertEqual(quantities, [40, 4, 10])

    def test_several_products_are_cleared_each(self):
        other = self.products[1]
        self._set_stock(other, -98)
        self._recommend(self.gamma, other, quantity=4.0, probability=0.25)
        self._recommend(self.relationship, other, quantity=4.0, probability=0.75)
        offer = self._start(products=self.mug | other)
        self.assertTrue(offer.several)
        self.assertEqual(offer.target_ids.mapped("to_clear"), [97, 2])
        result = self._make(offer)
        orders = result.order_ids
        self.assertEqual(len(orders), 3)
        self.assertEqual(result.made_count, 3)
        alpha = orders.filtered(lambda one: one.partner_id == self.alpha)
        self.assertEqual(alpha.order_line.product_id, self.mug | other)
        gamma = orders.filtered(lambda one: one.partner_id == self.gamma.partner_id)
        self.assertEqual(gamma.order_line.product_id, self.mug)
