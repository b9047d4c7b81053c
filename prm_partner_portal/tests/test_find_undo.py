from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import prm_relationship_batch
from .find_common import FindCommon


@tagged("post_install", "-at_install")
class TestFindUndo(FindCommon):
    """The last batch is taken back, but for what somebody has worked with since."""

    def _undo(self, batch):
        batch = batch.with_user(self.manager)
        result = batch.undo()
        while result["left"]:
            result = batch.undo()
        return result

    def test_taken_back_as_if_it_had_not_been(self):
        orders = self.shop.sale_order_ids
        other = self._create_customer("Other")
        batch = self._make(self.shop, other)
        self.assertEqual(self.find.get_summary()["last"]["id"], batch.id)
        self._undo(batch)
        self.assertFalse(self._relationship(self.shop) | self._relationship(other))
        self.assertTrue(orders.exists())
        self.assertFalse(orders.prm_relationship_id)
        self.assertEqual(batch.undone_count, 2)
        self.assertEqual(batch.undone_user_id, self.manager)
        self.assertFalse(batch.kept_text)
        self.assertFalse(self.find.get_summary()["last"])
        self.assertLessEqual(self.shop | other, self._found())

    def test_recommendations_and_health_go_too(self):
        batch = self._make(self.shop)
        relationship = self._relationship(self.shop)
        health = relationship.health_id
        offer = self.env["prm.recommendation"].create(
            {
                "relationship_id": relationship.id,
                "company_id": self.company_a.id,
                "product_id": self.product.id,
                "kind": "due",
            }
        )
        self._undo(batch)
        self.assertFalse(health.exists() or offer.exists())

    def test_prices_and_tier_are_what_they_were(self):
        second = self._create_customer("Second")
        agreed = self.env["product.pricelist"].create({"name": "Agreed"})
        grade = self.shop.with_context(prm_mirror_grade=True)
        grade.grade_id = self.gold_a
        here, there = (one.with_company(self.company_a) for one in (self.shop, second))
        there.specific_property_product_pricelist = agreed
        for before in (self.list_a.browse(), self.list_a):
            here.specific_property_product_pricelist = before
            batch = self._make(self.shop, second)
            self.assertEqual(here.specific_property_product_pricelist, self.list_a)
            self._undo(batch)
            self.assertEqual(here.specific_property_product_pricelist, before)
            self.assertEqual(there.specific_property_product_pricelist, agreed)
            self.assertEqual(self.shop.grade_id, self.gold_a)

    def test_tier_with_another_company_is_seen_again(self):
        relationship = self._create_relationship(self.shop, self.company_b, self.gold_b)
        self.assertEqual(self.shop.grade_id, self.gold_b)
        batch = self._make(self.shop)
        self.assertFalse(self.shop.grade_id, "two distributors: no one tier")
        self._undo(batch)
        self.assertEqual(self.shop.grade_id, self.gold_b)
        self.assertEqual(relationship.grade_id, self.gold_b)

    def test_portal_users_have_the_companies_that_they_had(self):
        second = self._create_customer("Second")
        ours = self._create_portal_user("ours", self.shop)
        theirs = self._create_portal_user("theirs", second)
        self._move(theirs, self.company_b)
        batch = self._make(self.shop, second)
        self.assertIn(self.company_a, theirs.company_ids)
        self.assertEqual(batch.before["user_ids"], theirs.ids)
        self._undo(batch)
        self.assertTrue(ours.active and theirs.active)
        self.assertEqual(ours.company_ids, self.company_a)
        self.assertEqual(theirs.company_ids, self.company_b)

    def test_what_somebody_worked_with_stays_and_is_explained(self):
        names = "state", "note", "tier", "chosen", "talk", "call", "shown", "invited"
        names += ("pinned",)
        partners = {name: self._create_customer(name) for name in names}
        batch = self._make(self.shop, *partners.values())
        made = {name: self._relationship(one) for name, one in partners.items()}
        self.env.cr.execute(
            "UPDATE prm_relationship SET create_date = create_date - interval '1 hour'"
        )
        manager = {name: self._as_manager(one) for name, one in made.items()}
        manager["state"].write({"state": "suspended", "state_reason": "Unpaid"})
        self._flush_tracking()
        manager["state"].action_activate()
        manager["note"].note = "<p>Likes tea</p>"
        manager["tier"].grade_id = self.gold_a
        manager["chosen"].user_id = self.salesperson
        manager["talk"].message_post(body="Called")
        manager["pinned"].pin_in_day(True)
        manager["call"].activity_schedule("mail.mail_activity_data_call")
        self.env["prm.recommendation.event"].create(
            {
                "relationship_id": made["shown"].id,
                "company_id": self.company_a.id,
                "product_id": self.product.id,
                "type": "shown",
                "date": "2026-01-05",
            }
        )
        self._create_portal_user("invited", partners["invited"])
        self._flush_tracking()
        result = self._undo(batch)
        self.assertEqual(result["action"]["res_id"], batch.id)
        for name, relationship in made.items():
            with self.subTest(name):
                self.assertTrue(relationship.exists())
        self.assertFalse(self._relationship(self.shop))
        self.assertEqual(batch.undone_count, 1)
        self.assertEqual(
            batch._count_kept(),
            {"changed": 6, "activity": 1, "offers": 1, "portal": 1},
        )
        self.assertIn("6: changed", batch.kept_text)

    def test_new_orders_do_not_keep_it_but_portal_orders_do(self):
        portal = self._create_customer("Portal")
        batch = self._make(self.shop, portal)
        self.env.cr.execute(
            "UPDATE prm_relationship SET create_date = create_date - interval '1 hour'"
        )
        order = self._create_order(self.shop, self.product)
        self._create_order(portal, self.product, prm_source="portal")
        self.assertTrue(order.prm_relationship_id)
        self._undo(batch)
        self.assertTrue(order.exists())
        self.assertFalse(order.prm_relationship_id or self._relationship(self.shop))
        self.assertTrue(self._relationship(portal))

    def test_only_once_and_only_its_own(self):
        hand_made = self._relationship(self.alpha)
        batch = self._make(self.shop)
        self._undo(batch)
        self.assertTrue(hand_made.exists())
        for call in (batch.undo, batch.action_undo):
            with self.assertRaisesRegex(UserError, "undone already"):
                call()

    def test_pieces_go_on(self):
        other = self._create_customer("Other")
        batch = self._make(self.shop, other).with_user(self.manager)
        self.assertEqual(batch.action_undo()["params"]["left"], 2)
        with patch.object(prm_relationship_batch, "CHUNK", 1):
            first = batch.undo()
            self.assertEqual((first["done"], first["left"]), (1, 1))
            self.assertFalse(batch.undone_date or first["action"])
            self.assertEqual(self.find.get_summary()["last"]["id"], batch.id)
            second = batch.undo()
        self.assertEqual((second["done"], second["left"]), (1, 0))
        self.assertEqual(batch.undone_count, 2)

    def test_batch_under_way_that_was_undone_gets_nothing_more(self):
        other = self._create_customer("Other")
        self.find.action_open()
        self.find.tick(False, [("partner_id", "=", other.id)])
        batch = self._finish()
        self._found()
        find = self.find._get_own().sudo()
        find.batch_id = batch
        self._undo(batch)
        self._line(other).ticked = True
        self.assertNotEqual(self._finish(), batch)

    def test_statements_do_not_grow_with_relationships(self):
        def count(number):
            partners = [
                self._create_customer(f"{number} {index}") for index in range(number)
            ]
            batch = self._make(*partners)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._undo(batch)
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(50), count(5) + 2)
