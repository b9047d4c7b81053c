from odoo.fields import Command
from odoo.tests import tagged

from .common import PrmCommon


@tagged("post_install", "-at_install")
class TestRelationshipPricelist(PrmCommon):
    def _own_list(self, reseller, company):
        return reseller.with_company(company).specific_property_product_pricelist

    def test_one_reseller_two_companies_two_tiers_two_currencies(self):
        self.product.list_price = 20.0
        order_a = self._create_order(self.both, self.product)
        order_b = self._create_order(self.both, self.product, company=self.company_b)
        self.assertEqual(order_a.pricelist_id, self.list_a)
        self.assertEqual(order_b.pricelist_id, self.list_b)
        self.assertEqual(order_a.amount_untaxed, 14.0)
        self.assertEqual(order_b.amount_untaxed, 18.0)
        self.assertEqual(order_b.currency_id, self.env.ref("base.EUR"))
        self.assertNotEqual(order_a.currency_id, order_b.currency_id)

    def test_price_list_feature_is_on_with_the_first_tier_list(self):
        group = self.env.ref("product.group_product_pricelist")
        group.with_context(active_test=False).write(
            {"implied_by_ids": [Command.clear()], "user_ids": [Command.clear()]}
        )
        groups = self.env["res.groups"]
        feature = "product.group_product_pricelist"
        self.assertFalse(groups._is_feature_enabled(feature))
        self._create_tier("Platinum", self.company_a, 40)
        self.assertTrue(groups._is_feature_enabled(feature))

    def test_change_and_removal_of_tier(self):
        silver, list_silver = self._create_tier("Silver", self.company_a, 20)
        self.rel_both_a.grade_id = silver
        self.assertEqual(self._own_list(self.both, self.company_a), list_silver)
        self.assertEqual(self._own_list(self.both, self.company_b), self.list_b)
        other = list_silver.copy()
        silver.default_pricelist_id = other
        self.assertEqual(self._own_list(self.both, self.company_a), other)
        silver.unlink()
        self.assertFalse(self.rel_both_a.grade_id)
        self.assertFalse(self._own_list(self.both, self.company_a))

    def test_archived_tier_takes_its_list_along(self):
        self.gold_a.active = False
        self.assertFalse(self.rel_both_a.grade_id)
        self.assertFalse(self._own_list(self.both, self.company_a))

    def test_individual_list_is_never_overwritten(self):
        own = self.env["product.pricelist"].create({"name": "Agreed"})
        self.alpha.specific_property_product_pricelist = own
        self.assertEqual(self.rel_alpha.pricelist_source, "own")
        self.rel_alpha.grade_id = self.gold_a
        self.assertEqual(self._own_list(self.alpha, self.company_a), own)
        self.assertEqual(self.alpha.grade_id, self.gold_a)
        self.rel_alpha.state = "ended"
        self.assertEqual(self._own_list(self.alpha, self.company_a), own)

    def test_individual_list_of_before_is_kept_when_activated(self):
        own = self.env["product.pricelist"].create({"name": "Agreed before"})
        reseller = self._create_reseller("Early")
        reseller.specific_property_product_pricelist = own
        relationship = self._create_relationship(reseller, self.company_a, self.gold_a)
        self.assertEqual(relationship.pricelist_source, "own")
        self.assertEqual(self._own_list(reseller, self.company_a), own)

    def test_own_list_given_up_follows_the_tier_again(self):
        own = self.env["product.pricelist"].create({"name": "Agreed"})
        self.both.specific_property_product_pricelist = own
        self.rel_both_a.pricelist_source = "tier"
        self.assertEqual(self._own_list(self.both, self.company_a), self.list_a)

    def test_list_is_kept_while_suspended_and_restored_when_ended(self):
        self.rel_both_a.state = "suspended"
        self.assertEqual(self._own_list(self.both, self.company_a), self.list_a)
        self.rel_both_a.state = "ended"
        self.assertFalse(self._own_list(self.both, self.company_a))
        self.assertEqual(self._own_list(self.both, self.company_b), self.list_b)

    def test_candidate_has_no_tier_list_yet(self):
        reseller = self._create_reseller("Candidate")
        relationship = self._create_relationship(
            reseller, self.company_a, self.gold_a, state="candidate"
        )
        self.assertFalse(self._own_list(reseller, self.company_a))
        relationship.state = "active"
        self.assertEqual(self._own_list(reseller, self.company_a), self.list_a)

    def test_tier_list_is_nobodys_default(self):
        customer = self._create_reseller("No reseller")
        lists = self.env["product.pricelist"].search([])
        (lists - self.list_a - self.list_b).active = False
        self.assertFalse(customer.property_product_pricelist)

    def test_partner_tier_mirrors_a_single_relationship(self):
        self.assertEqual(self.rel_alpha.grade_id, self.alpha.grade_id)
        self.rel_alpha.grade_id = self.gold_a
        self.assertEqual(self.alpha.grade_id, self.gold_a)
        self.assertFalse(self.both.grade_id, "two relationships: neither is shown")

    def test_tier_written_on_the_partner_goes_to_the_company_at_hand(self):
        silver, list_silver = self._create_tier("Silver", self.company_a, 20)
        self.both.with_company(self.company_a).grade_id = silver
        self.assertEqual(self.rel_both_a.grade_id, silver)
        self.assertEqual(self.rel_both_b.grade_id, self.gold_b)
        self.assertEqual(self._own_list(self.both, self.company_a), list_silver)
        self.assertEqual(self._own_list(self.both, self.company_b), self.list_b)

    def test_tier_bought_as_a_product_belongs_to_the_selling_company(self):
        membership = self.env["product.product"].create(
            {
                "name": "Gold membership",
                "type": "service",
                "service_tracking": "partnership",
                "grade_id": self.gold_b.id,
            }
        )
        self.rel_beta.grade_id = False
        order = self._create_order(self.beta, membership, company=self.company_b)
        order.with_company(self.company_a).action_confirm()
        self.assertEqual(self.rel_beta.grade_id, self.gold_b)
        self.assertEqual(self._own_list(self.beta, self.company_b), self.list_b)
        self.assertFalse(self._own_list(self.beta, self.company_a))

    def test_portal_users_read_the_list_of_their_tier_only(self):
        """As with website_sale, which lets portal users read price lists."""
        access = {"perm_read": True, "group_id": self.env.ref("base.group_portal").id}
        for name in ("product.pricelist", "product.pricelist.item"):
            self.env["ir.model.access"].create(
                {**access, "name": name, "model_id": self.env["ir.model"]._get_id(name)}
            )
        lists = self.list_a | self.list_b
        read = self.env["product.pricelist"].with_user(self.user_both)
        read = read.with_context(allowed_company_ids=self.user_both.company_ids.ids)
        self.assertEqual(read.search([("id", "in", lists.ids)]), lists)
        read = read.with_user(self.user_alpha).with_context(allowed_company_ids=[])
        self.assertFalse(read.search([("id", "in", lists.ids)]))
        items = self.env["product.pricelist.item"].with_user(self.user_alpha)
        self.assertFalse(items.search([("pricelist_id", "in", lists.ids)]))
        public = self.env["product.pricelist"].create({"name": "For all"})
        self.assertIn(public, read.search([]))
