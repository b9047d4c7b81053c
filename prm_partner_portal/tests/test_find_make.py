from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..wizard import prm_relationship_find as wizard
from .find_common import FindCommon


@tagged("post_install", "-at_install")
class TestFindMake(FindCommon):
    """Customers become active resellers with all that belongs to it."""

    def test_made_is_active_with_health_orders_and_salesperson(self):
        self.shop.user_id = self.salesperson
        order = self.shop.sale_order_ids[:1]
        batch = self._make(self.shop)
        relationship = self._relationship(self.shop)
        self.assertEqual(relationship.state, "active")
        self.assertEqual(relationship.state_user_id, self.manager)
        self.assertEqual(relationship.create_uid, self.manager)
        self.assertEqual(relationship.user_id, self.salesperson)
        self.assertFalse(relationship.user_manual or relationship.territory_manual)
        self.assertEqual(relationship.health_id.color, "grey")
        self.assertEqual(relationship.health_id.relationship_id, relationship)
        self.assertEqual(order.prm_relationship_id, relationship)
        self.assertEqual(relationship.order_count, 3)
        self.assertEqual(relationship.batch_id, batch)
        self.assertEqual((batch.count, batch.skipped_count), (1, 0))
        self.assertEqual((batch.min_orders, batch.months), (3, 12))
        self.assertEqual(batch.user_id, self.manager)
        self.assertIn("1 reseller", batch.display_name)

    def test_salesperson_follows_without_a_mail_for_each(self):
        self.shop.user_id = self.salesperson
        before = self.env["mail.message"].search_count([])
        self.find = self._as_manager(self.find)
        self._make(self.shop)
        self._flush_tracking()
        relationship = self._relationship(self.shop)
        self.assertEqual(relationship.message_partner_ids, self.salesperson.partner_id)
        self.assertEqual(self.env["mail.message"].search_count([]), before)
        self._flush_tracking()
        self._as_manager(relationship).write(
            {"state": "suspended", "state_reason": "Unpaid"}
        )
        self._flush_tracking()
        self.assertTrue(relationship.message_ids.sudo().tracking_value_ids)

    def test_territory_keeps_assigning_what_nobody_chose(self):
        self._make(self.shop)
        territory = self.env["prm.territory"].create(
            {"name": "Here", "country_ids": self.env.ref("base.fr").ids}
        )
        self.shop.country_id = self.env.ref("base.fr")
        self.assertEqual(self._relationship(self.shop).territory_id, territory)

    def test_unticked_stay_customers(self):
        other = self._create_customer("Other")
        self._make(self.shop)
        self.assertFalse(self._relationship(other))
        self.assertIn(other, self._found())
        self.assertNotIn(self.shop, self._found())

    def test_repeated_it_proposes_and_makes_new_ones_only(self):
        first = self._make(self.shop)
        late = self._create_customer("Late")
        second = self._make(self.shop, late)
        self.assertNotEqual(first, second)
        self.assertEqual((first.count, second.count), (1, 1))
        self.assertEqual(self._relationship(self.shop).batch_id, first)

    def test_nothing_ticked_is_said(self):
        self.find.action_open()
        self.find.tick(False, [])
        with self.assertRaisesRegex(UserError, "Tick at least one customer"):
            self.find.make()
        self.assertFalse(self.env["prm.relationship.batch"].search([]))

    # Prices, tiers, portal

    def test_tier_of_the_partner_gives_its_price_list(self):
        self.shop.with_context(prm_mirror_grade=True).grade_id = self.gold_a
        here = self.shop.with_company(self.company_a)
        here.specific_property_product_pricelist = False
        self._make(self.shop)
        relationship = self._relationship(self.shop)
        self.assertEqual(relationship.grade_id, self.gold_a)
        self.assertEqual(relationship.pricelist_source, "tier")
        self.assertEqual(here.specific_property_product_pricelist, self.list_a)
        self.assertEqual(self.shop.grade_id, self.gold_a)

    def test_list_agreed_individually_stays(self):
        agreed = self.env["product.pricelist"].create({"name": "Agreed"})
        here = self.shop.with_company(self.company_a)
        here.specific_property_product_pricelist = agreed
        self._make(self.shop)
        self.assertEqual(here.specific_property_product_pricelist, agreed)
        self.assertEqual(self._relationship(self.shop).pricelist_source, "own")

    def test_tier_that_another_company_gave_is_not_cleared(self):
        self.shop.grade_id = self.gold_b
        self._make(self.shop)
        self.assertFalse(self._relationship(self.shop).grade_id)
        self.assertEqual(self.shop.grade_id, self.gold_b)

    def test_portal_users_get_the_company(self):
        user = self._create_portal_user("shop", self.shop)
        self._move(user, self.company_b)
        self._make(self.shop)
        self.assertEqual(user.company_ids, self.company_a | self.company_b)

    # Pieces

    def test_pieces_go_on_without_loss_or_duplicates(self):
        others = [self._create_customer(f"Other {number}") for number in range(4)]
        self.find.action_open()
        with patch.object(wizard, "CHUNK", 2):
            results = [self.find.make() for _piece in range(3)]
        self.assertEqual([one["left"] for one in results], [3, 1, 0])
        self.assertEqual([one["done"] for one in results], [2, 2, 1])
        self.assertEqual([bool(one["action"]) for one in results], [0, 0, 1])
        made = [self._relationship(partner) for partner in (self.shop, *others)]
        self.assertTrue(all(made))
        [batch] = {one.batch_id for one in made}
        self.assertEqual(batch.count, 5)

    def test_stopped_it_goes_on_later_in_a_batch_of_its_own(self):
        other = self._create_customer("Other")
        self.find.action_open()
        with patch.object(wizard, "CHUNK", 1):
            self.find.make()
            action = self.find.action_stop()
        first = self.env["prm.relationship.batch"].browse(action["res_id"])
        self.assertEqual(first.count, 1)
        self.assertEqual(len(self._found() & (self.shop | other)), 1)
        self.assertNotEqual(self._finish(), first)
        self.assertTrue(self._relationship(self.shop) and self._relationship(other))
        self.assertFalse(self.find.action_stop())

    def test_what_changed_meanwhile_is_left_out_and_counted(self):
        known, archived = (self._create_customer(name) for name in ("Known", "Gone"))
        self.find.action_open()
        candidate = self._create_relationship(
            known, self.company_a, state="candidate", user_id=self.salesperson.id
        )
        archived.active = False
        batch = self._finish()
        self.assertEqual((batch.count, batch.skipped_count), (1, 2))
        self.assertEqual(candidate.state, "candidate")
        self.assertFalse(candidate.batch_id or self._relationship(archived))
        self.assertEqual(self.find.get_summary()["found"], 0)

    def test_statements_do_not_grow_with_customers(self):
        def count(number):
            for index in range(number):
                self._create_customer(f"{number} {index}", user_id=self.salesperson.id)
            self.find.action_open()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._finish()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(60), count(6) + 2)

    # The page afterwards

    def test_page_names_who_has_no_salesperson_and_starts_a_run(self):
        batch = self._make(self.shop).with_user(self.manager)
        self.assertEqual((batch.relationship_count, batch.unassigned_count), (1, 1))
        action = batch.action_view_relationships()
        found = self.env["prm.relationship"].search(action["domain"])
        self.assertEqual(found, self._relationship(self.shop))
        action = batch.action_run_now()
        run = self.env["prm.recommendation.run"].browse(action["res_id"])
        self.assertEqual(run.company_id, self.company_a)
        self.assertEqual(run.state, "waiting")
