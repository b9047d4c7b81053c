from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .offers_common import TODAY, OffersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestTogether(OffersCommon):
    """Products 0 to 4 are due, 5 to 7 are new; paper and ink are not in the list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paper, cls.ink = cls.env["product.product"].create(
            [{"name": "Paper", "is_storable": True}, {"name": "Ink"}]
        )
        cls._set_stock(cls.paper, 50)
        cls.printer = cls.products[0]

    def _get_block(self, name, **order):
        order.setdefault("product_ids", self.printer.ids)
        return self._get_offers(**order)[name]

    def _get_block_ids(self, name, **order):
        return [row["id"] for row in self._get_block(name, **order)]

    def test_complement_in_the_list_rises_and_says_what_it_goes_with(self):
        self._goes_with(self.printer, self.products[7])
        rows = self._get_block("new")
        self.assertEqual(
            [row["id"] for row in rows], self.products[7].ids + self.products[5:7].ids
        )
        self.assertEqual(rows[0]["reasons"][0], "Goes with Mug 0 in this order")
        self.assertEqual(len(rows[0]["reasons"]), 2)
        self.assertFalse(rows[0]["extra"])
        # Without the line nothing rises.
        self.assertEqual(
            self._get_block_ids("new", product_ids=[]), self.products[5:].ids
        )

    def test_complement_outside_the_list_is_added_with_price_and_stock(self):
        self._goes_with(self.printer, self.paper | self.ink)
        self.assertFalse(self._get_block_ids("together", product_ids=[]))
        paper, ink = self._get_block("together")
        self.assertEqual((paper["id"], ink["id"]), (self.paper.id, self.ink.id))
        self.assertEqual(paper["reasons"], ["Goes with Mug 0 in this order"])
        self.assertEqual((paper["kind"], paper["free"]), ("new", 50))
        self.assertEqual((paper["price"], paper["quantity"]), (1.0, 1.0))
        self.assertIs(paper["extra"], True)
        self.assertIsNone(ink["free"])

    def test_quantity_is_what_was_bought_last_else_what_others_take(self):
        self._goes_with(self.printer, self.paper | self.ink)
        self._bought(self.paper, 200, 7)
        self._recommend(self.rel_both_a, self.ink, kind="new", quantity=24)
        paper, ink = self._get_block("together")
        self.assertEqual((paper["kind"], paper["due"]), ("due", False))
        self.assertEqual((paper["quantity"], ink["quantity"]), (7, 24))

    def test_reason_names_the_line_that_says_most(self):
        self._goes_with(self.products[1], self.ink)
        self._goes_with(self.printer, self.paper | self.ink)
        present = self.products[:2].ids
        names = {
            row["id"]: row["reasons"]
            for row in self._get_block("together", product_ids=present)
        }
        self.assertEqual(names[self.ink.id], ["Goes with Mug 1 in this order"])
        self.assertEqual(names[self.paper.id], ["Goes with Mug 0 in this order"])

    def test_nothing_due_is_hidden(self):
        more = self.env["product.product"].create(
            [{"name": f"Bought {n}"} for n in range(12)]
        )
        self._recommend(self.rel_both_a, more)
        late = self.env["prm.recommendation"].search(
            [("product_id", "in", more[8:].ids)]
        )
        late.due_date = TODAY + timedelta(days=90)
        self._goes_with(self.printer, more[8:])
        offers = self._get_offers(
            relationship=self.rel_both_a, product_ids=self.printer.ids
        )
        ids = [row["id"] for row in offers["due"]]
        self.assertEqual(ids[:4], more[8:].ids)
        self.assertEqual(ids[4:], more[:8].ids)

    def test_what_is_not_due_makes_room(self):
        more = self.env["product.product"].create(
            [{"name": f"Bought {n}"} for n in range(9)]
        )
        self._recommend(self.rel_both_a, more, kind="forgotten")
        self._goes_with(self.printer, more[8])
        offers = self._get_offers(
            relationship=self.rel_both_a, product_ids=self.printer.ids
        )
        self.assertEqual(
            [row["id"] for row in offers["due"]], more[8].ids + more[:7].ids
        )

    def test_at_most_five_are_added_the_strongest_first(self):
        more = self.env["product.product"].create(
            [{"name": f"Extra {n}"} for n in range(12)]
        )
        self._goes_with(self.printer, more)
        self.assertEqual(self._get_block_ids("together"), more[:5].ids)
        more[:2].sale_ok = False
        self.assertEqual(self._get_block_ids("together"), more[2:7].ids)

    def test_in_the_order_weak_or_of_another_company_is_not_added(self):
        weak, foreign = self.env["product.product"].create(
            [{"name": "Weak"}, {"name": "Foreign"}]
        )
        self._goes_with(self.printer, self.paper | self.ink)
        self._goes_with(self.printer, weak, lift=1.2)
        self._goes_with(self.printer, foreign, company=self.company_b)
        present = (self.printer | self.paper).ids
        self.assertEqual(
            self._get_block_ids("together", product_ids=present), self.ink.ids
        )

    def test_outside_assortment_tier_or_stock_is_not_added(self):
        self._goes_with(self.printer, self.paper | self.ink)
        self._set_stock(self.paper, -50)
        self.assertEqual(self._get_block_ids("together"), self.ink.ids)
        self.ink.prm_minimum_grade_id = self.gold_a
        self.assertFalse(self._get_block_ids("together"))
        self.ink.prm_minimum_grade_id = False
        self.assertEqual(self._get_block_ids("together"), self.ink.ids)
        self.env["prm.assortment"].create(
            {
                "name": "Without",
                "relationship_ids": [Command.link(self.relationship.id)],
                "line_ids": [
                    Command.create(
                        {"mode": "exclude", "product_tmpl_id": t.product_tmpl_id.id}
                    )
                    for t in self.ink
                ],
            }
        )
        self.assertFalse(self._get_block_ids("together"))

    def test_withheld_by_the_experiment_is_not_added_by_this_door(self):
        self._goes_with(self.printer, self.paper | self.ink)
        pair = {
            "relationship_id": self.relationship.id,
            "company_id": self.company_a.id,
            "kind": "new",
            "date": TODAY,
            "arm": "withheld",
            "probability": 0.1,
        }
        past = TODAY - timedelta(days=56)
        self.env["prm.recommendation.control"].create(
            [
                {**pair, "product_id": self.paper.id, "period_start": TODAY},
                {**pair, "product_id": self.ink.id, "period_start": past},
            ]
        )
        self.assertEqual(self._get_block_ids("together"), self.ink.ids)

    def test_saved_lines_of_the_order_count_by_what_the_form_holds(self):
        """A line taken out in the form no longer speaks for anything."""
        self._goes_with(self.printer, self.ink)
        order = self._create_order(self.alpha, self.printer)
        saved = {"order_id": order.id, "product_ids": self.printer.ids}
        self.assertEqual(self._get_block_ids("together", **saved), self.ink.ids)
        saved["product_ids"] = []
        self.assertFalse(self._get_block_ids("together", **saved))

    def test_shown_offered_dismissed_and_added_as_any_other(self):
        self._goes_with(self.printer, self.ink)
        seller = self.relationship.with_user(self.manager)
        order = {"product_ids": self.printer.ids}
        with self.assertRaisesRegex(UserError, "Ink: not recommended"):
            seller.record_offered(self.ink.id, order)
        self.assertEqual(seller.record_shown(self.ink.ids, order), 1)
        self.assertEqual(seller.record_shown(self.ink.ids, order), 0)
        shown = self._get_events("shown", product_id=self.ink.id)
        self.assertEqual((shown.source, shown.kind), ("order", "new"))
        seller.record_offered(self.ink.id, order)
        self.assertTrue(self._get_block("together")[0]["offered_id"])
        quotation = self._create_order(self.alpha, self.printer)
        quotation.order_line = [
            Command.create({"product_id": self.ink.id, "prm_source": "order"})
        ]
        added = self._get_events("added", product_id=self.ink.id)
        self.assertEqual((added.source, added.kind), ("order", "new"))
        quotation._action_cancel()
        seller.dismiss_offer(self.ink.id, "wrong", order=order)
        self.assertFalse(self._get_block_ids("together"))

    def test_nothing_is_recorded_as_shown_that_could_not_be(self):
        self._goes_with(self.printer, self.ink)
        seller = self.relationship.with_user(self.manager)
        everything = (self.ink | self.paper).ids
        self.assertEqual(seller.record_shown(everything), 0)
        self.assertEqual(seller.record_shown(everything, {"product_ids": []}), 0)
        for bad in ({"product_ids": "x"}, {"product_ids": [True]}):
            with self.assertRaises(ValidationError):
                seller.record_shown(everything, bad)
        self.assertEqual(
            seller.record_shown(everything, {"product_ids": self.printer.ids}), 1
        )
        self.relationship.user_id = self.manager
        with self.assertRaises(AccessError):
            self.relationship.with_user(self.salesperson).record_shown(
                self.ink.ids, {"product_ids": self.printer.ids}
            )

    def test_bought_before_counts_as_that_when_it_is_shown(self):
        self._goes_with(self.printer, self.paper)
        self._bought(self.paper, 100)
        seller = self.relationship.with_user(self.manager)
        seller.record_shown(self.paper.ids, {"product_ids": self.printer.ids})
        self.assertEqual(self._get_events("shown").kind, "due")

    def test_users_read_complements_of_their_company_only(self):
        rows = self._goes_with(self.printer, self.ink)
        rows |= self._goes_with(self.printer, self.ink, company=self.company_b)
        model = self.env["prm.product.complement"]
        self.assertEqual(model.with_user(self.salesperson).search([]), rows[0])
        self.assertEqual(model.with_user(self.stranger).search([]), rows[1])
        with self.assertRaises(AccessError):
            rows[0].with_user(self.manager).write({"lift": 9})
