from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PrmCommon


@tagged("post_install", "-at_install")
class TestRelationship(PrmCommon):
    def test_one_relationship_per_company_and_reseller(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_relationship(self.alpha, self.company_a)

    def test_refused_when_partner_is_a_contact_or_the_company_itself(self):
        with self.assertRaisesRegex(ValidationError, "is a contact of"):
            self._create_relationship(self.user_beta.partner_id, self.company_a)
        with self.assertRaisesRegex(ValidationError, "its own reseller"):
            self._create_relationship(self.company_a.partner_id, self.company_a)

    def test_limits_in_the_wrong_order_are_refused_in_words(self):
        company = self.company_a.with_context(lang="de_DE")
        self.env["res.lang"]._activate_lang("de_DE")
        for values, message in (
            ({"prm_history_months": 2}, "Monate"),
            ({"prm_rhythm_green": 3, "prm_rhythm_amber": 2}, "^Rhythmus:"),
            ({"prm_rhythm_green": 0}, "^Rhythmus:"),
            ({"prm_trend_green": -0.5}, "^Trend:"),
            ({"prm_range_amber": 1.2}, "^Produktpalette:"),
            ({"prm_range_overdue": 0}, "^Produktpalette:"),
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(ValidationError, message),
                self.env.cr.savepoint(),
            ):
                company.write(values)

    def test_tier_of_another_company_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "belongs to"):
            self.rel_alpha.grade_id = self.gold_b

    def test_state_keeps_who_when_and_why(self):
        relationship = self.rel_alpha.with_user(self.manager)
        relationship.write({"state": "suspended", "state_reason": "Unpaid"})
        self.assertEqual(relationship.state_user_id, self.manager)
        self.assertEqual(relationship.state_reason, "Unpaid")
        self.assertTrue(relationship.state_date)
        relationship.action_activate()
        self.assertFalse(relationship.state_reason)

    def test_state_is_for_managers(self):
        self.rel_alpha.user_id = self.salesperson
        relationship = self.rel_alpha.with_user(self.salesperson)
        for call in (
            relationship.action_activate,
            relationship.action_ask_reason,
            lambda: relationship.write({"state": "ended"}),
            lambda: relationship.create(
                {"partner_id": self.beta.id, "state": "active"}
            ),
        ):
            with self.assertRaises(AccessError):
                call()
        candidate = relationship.create({"partner_id": self.beta.id})
        self.assertEqual(candidate.state, "candidate")

    def test_tier_prices_and_assortment_are_for_managers(self):
        self.rel_alpha.user_id = self.salesperson
        relationship = self.rel_alpha.with_user(self.salesperson)
        for values in (
            {"grade_id": self.gold_a.id},
            {"pricelist_source": "own"},
            {"state_user_id": self.manager.id},
            {"assortment_ids": [(5,)]},
        ):
            with self.assertRaises(AccessError):
                relationship.write(values)
        with self.assertRaises(AccessError):
            self.alpha.with_user(self.salesperson).grade_id = self.gold_a
        relationship.note = "Likes tea"
        relationship.with_user(self.manager).grade_id = self.gold_a
        self.assertEqual(self.rel_alpha.grade_id, self.gold_a)

    def test_state_cannot_jump(self):
        self.rel_alpha.state = "ended"
        with self.assertRaisesRegex(UserError, "cannot become"):
            self.rel_alpha.state = "active"
        self.rel_alpha.state = "candidate"
        self.rel_alpha.state = "active"

    def test_ending_asks_why_and_removes_recommendations(self):
        self.env["prm.recommendation"].create(
            {
                "relationship_id": self.rel_alpha.id,
                "company_id": self.company_a.id,
                "product_id": self.product.id,
                "kind": "due",
            }
        )
        action = (
            self.rel_alpha.with_user(self.manager)
            .with_context(prm_state="ended")
            .action_ask_reason()
        )
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({"reason": "Closed shop"})
        )
        wizard.action_apply()
        self.assertEqual(self.rel_alpha.state, "ended")
        self.assertEqual(self.rel_alpha.state_reason, "Closed shop")
        self.assertFalse(self.rel_alpha.recommendation_ids)

    def test_orders_belong_to_the_relationship_of_their_company(self):
        order_a = self._create_order(self.both, self.product)
        order_b = self._create_order(
            self.user_both.partner_id, self.product, company=self.company_b
        )
        none = self._create_order(self.beta, self.product)
        self.assertEqual(order_a.prm_relationship_id, self.rel_both_a)
        self.assertEqual(order_b.prm_relationship_id, self.rel_both_b)
        self.assertFalse(none.prm_relationship_id)
        late = self._create_relationship(self.beta, self.company_a, state="candidate")
        self.assertEqual(none.prm_relationship_id, late)
        self.assertEqual(late.order_count, 1)

    def test_archived_reseller_archives_its_relationships(self):
        self.user_both.active = False
        self.both.active = False
        self.assertFalse(self.rel_both_a.active or self.rel_both_b.active)
        self.both.active = True
        self.assertTrue(self.rel_both_a.active and self.rel_both_b.active)

    def test_salesperson_sees_own_and_unassigned_resellers_only(self):
        self.rel_alpha.user_id = self.salesperson
        self.rel_both_a.user_id = self.manager
        free = self._create_relationship(self._create_reseller("Free"), self.company_a)
        seen = self.env["prm.relationship"].with_user(self.salesperson).search([])
        self.assertEqual(
            seen & (self.rel_alpha | self.rel_both_a | free), self.rel_alpha | free
        )
        self.assertNotIn(self.rel_beta, seen)

    def test_company_cannot_be_changed(self):
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.rel_alpha.company_id = self.company_b
