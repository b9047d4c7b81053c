from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import PrmCommon


@tagged("post_install", "-at_install")
class TestRelationshipAccess(PrmCommon):
    def test_portal_users_have_the_companies_of_their_open_relationships(self):
        both = self.company_a | self.company_b
        self.assertEqual(self.user_both.company_ids, both)
        self.assertEqual(self.user_beta.company_ids, self.company_b | self.company_a)
        self.rel_both_b.state = "suspended"
        self.assertEqual(self.user_both.company_ids, both, "suspended may still read")
        self.rel_both_b.state = "ended"
        self.assertEqual(self.user_both.company_ids, self.company_a)
        self.rel_both_b.state = "candidate"
        self.assertEqual(self.user_both.company_ids, self.company_a)
        self.rel_both_b.state = "active"
        self.assertEqual(self.user_both.company_ids, both)

    def test_new_portal_user_gets_all_companies_of_its_reseller(self):
        user = self._create_portal_user("second", self.both)
        self.assertEqual(user.company_ids, self.company_a | self.company_b)

    def test_user_without_another_distributor_is_closed_and_comes_back(self):
        self.assertTrue(self.user_alpha.active)
        self.rel_alpha.state = "ended"
        self.assertFalse(self.user_alpha.active)
        self.rel_alpha.state = "candidate"
        self.assertFalse(self.user_alpha.active)
        self.rel_alpha.state = "active"
        self.assertTrue(self.user_alpha.active)
        self.assertEqual(self.user_alpha.company_ids, self.company_a)

    def test_moved_contact_leaves_at_once(self):
        order = self._create_order(self.alpha, self.product)
        orders = self.env["sale.order"].with_user(self.user_alpha)
        self.assertIn(order, orders.search([]))
        self.user_alpha.partner_id.parent_id = self.beta
        self.assertNotIn(order, orders.search([]))
        with self.assertRaises(AccessError):
            order.with_user(self.user_alpha).read(["name"])
        self.assertEqual(self.user_alpha.company_ids, self.company_b)

    def test_contact_made_independent_leaves_at_once(self):
        order = self._create_order(self.both, self.product)
        orders = self.env["sale.order"].with_user(self.user_both)
        self.assertIn(order, orders.search([]))
        self.user_both.partner_id.parent_id = False
        self.assertNotIn(order, orders.search([]))

    def test_reseller_moved_under_a_parent_brings_its_relationship(self):
        parent = self._create_reseller("Group")
        order = self._create_order(self.alpha, self.product)
        self.alpha.write({"parent_id": parent.id, "is_company": False})
        self.assertEqual(self.rel_alpha.partner_id, parent)
        self.assertEqual(order.prm_relationship_id, self.rel_alpha)

    def test_reseller_moved_under_another_reseller_is_merged_into_it(self):
        order = self._create_order(self.alpha, self.product)
        self.alpha.write({"parent_id": self.both.id, "is_company": False})
        self.assertFalse(self.rel_alpha.exists())
        self.assertEqual(order.prm_relationship_id, self.rel_both_a)

    def test_portal_user_has_no_access_to_our_models(self):
        for name in ("prm.relationship", "prm.recommendation"):
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.user_both).search([])


@tagged("post_install", "-at_install")
class TestPartnerMerge(PrmCommon):
    def _merge(self, *partners, target):
        ids = [partner.id for partner in partners]
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge(ids, dst_partner=target)

    def test_relationships_with_one_company_become_one(self):
        twin = self._create_reseller("Alpha Twin")
        relationship = self._create_relationship(twin, self.company_a, self.gold_a)
        order = self._create_order(twin, self.product)
        event = self.env["prm.recommendation.event"].create(
            {
                "relationship_id": relationship.id,
                "company_id": self.company_a.id,
                "product_id": self.product.id,
                "type": "offered",
                "date": "2026-01-05",
            }
        )
        self._merge(twin, self.alpha, target=self.alpha)
        self.assertFalse(relationship.exists())
        self.assertEqual(order.prm_relationship_id, self.rel_alpha)
        self.assertEqual(event.relationship_id, self.rel_alpha)

    def test_strongest_state_stays(self):
        twin = self._create_reseller("Alpha Twin")
        self._create_relationship(twin, self.company_a)
        self.rel_alpha.state = "ended"
        self._merge(twin, self.alpha, target=self.alpha)
        self.assertEqual(self.rel_alpha.state, "active")

    def test_relationship_moves_when_the_target_has_none(self):
        target = self._create_reseller("Target")
        order = self._create_order(self.alpha, self.product)
        self._merge(self.alpha, target, target=target)
        self.assertEqual(self.rel_alpha.partner_id, target)
        self.assertEqual(order.prm_relationship_id, self.rel_alpha)
        self.assertEqual(self.user_alpha.company_ids, self.company_a)

    def test_two_sources_and_no_relationship_of_the_target(self):
        target = self._create_reseller("Target")
        twin = self._create_reseller("Twin")
        self._create_relationship(twin, self.company_a)
        self._merge(self.alpha, twin, target, target=target)
        kept = self.env["prm.relationship"].search([("partner_id", "=", target.id)])
        self.assertEqual(len(kept), 1)
        self.assertEqual(kept.company_id, self.company_a)


@tagged("post_install", "-at_install")
class TestPortalLists(HttpCase, PrmCommon):
    def test_own_lists_show_the_orders_of_all_distributors(self):
        order_a = self._create_order(self.both, self.product, state="sent")
        order_b = self._create_order(
            self.both, self.product, company=self.company_b, state="sent"
        )
        self.authenticate(self.user_both.login, self.user_both.login)
        page = self.url_open("/my/quotes").text
        self.assertIn(order_a.name, page)
        self.assertIn(order_b.name, page)
        page = self.url_open(f"/my/orders/{order_b.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(order_b.name, page.text)
        self.rel_both_b.state = "ended"
        page = self.url_open("/my/quotes").text
        self.assertIn(order_a.name, page)
        self.assertNotIn(order_b.get_portal_url(), page)

    def test_moved_contact_loses_core_pages(self):
        order = self._create_order(self.both, self.product, state="sent")
        self.authenticate(self.user_both.login, self.user_both.login)
        self.assertIn(order.name, self.url_open("/my/quotes").text)
        self.user_both.partner_id.write({"parent_id": self.beta.id})
        self.env.flush_all()
        self.assertNotIn(order.name, self.url_open("/my/quotes").text)
        page = self.url_open(f"/my/orders/{order.id}", allow_redirects=False)
        self.assertIn(page.status_code, (303, 403))

    def test_user_with_command_link_is_kept_in_step(self):
        self.user_both.company_ids = [Command.unlink(self.company_b.id)]
        self.user_both.write({"partner_id": self.user_both.partner_id.id})
        self.assertIn(self.company_b, self.user_both.company_ids)
