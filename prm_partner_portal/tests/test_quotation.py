from datetime import timedelta
from math import inf, nan
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.const import USER_GROUP
from .common import SALES_OWN
from .offers_common import TODAY, OffersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestQuotation(OffersCommon):
    """What every list that leads to quotations calls."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both_a = cls.rel_both_a
        cls.mug = cls.products[0]
        cls._recommend(cls.both_a, cls.mug)
        cls.everyone = cls.relationship | cls.both_a

    def _make(self, lines, user=None, **options):
        """:return: outcomes by (relationship, product)"""
        relationships = self.env["prm.relationship"].union(*lines)
        relationships = relationships.with_user(user or self.manager)
        outcomes = relationships._prm_make_quotations(lines, "product", **options)
        return {(one.relationship, one.product): one for one in outcomes}

    def _make_one(self, product=None, quantity=5, relationship=None, **options):
        relationship = relationship or self.relationship
        product = product or self.mug
        (outcome,) = self._make({relationship: {product: quantity}}, **options).values()
        return outcome

    def _get_orders(self, relationship=None):
        relationship = relationship or self.relationship
        return self.env["sale.order"].search(
            [("prm_relationship_id", "=", relationship.id)], order="id"
        )

    def test_quotation_is_that_of_odoo(self):
        self.relationship.grade_id = self.gold_a
        invoices = self.env["res.partner"].create(
            {"name": "Invoices", "parent_id": self.alpha.id, "type": "invoice"}
        )
        term = self.env.ref("account.account_payment_term_30days")
        self.alpha.property_payment_term_id = term
        outcome = self._make_one()
        self.assertEqual((outcome.result, outcome.reason), ("made", False))
        order = outcome.order
        self.assertEqual(order, self._get_orders())
        by_hand = self._create_order(self.alpha, self.mug, 5, user_id=self.manager.id)
        for name in (
            "state",
            "partner_id",
            "partner_invoice_id",
            "partner_shipping_id",
            "pricelist_id",
            "payment_term_id",
            "fiscal_position_id",
            "warehouse_id",
            "user_id",
            "team_id",
            "validity_date",
            "amount_total",
        ):
            self.assertEqual(order[name], by_hand[name], name)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.partner_invoice_id, invoices)
        self.assertEqual(order.payment_term_id, term)
        self.assertEqual(order.pricelist_id, self.list_a)
        self.assertEqual(order.order_line.price_total, by_hand.order_line.price_total)

    def test_line_keeps_what_was_recommended(self):
        line = self._make_one().order.order_line
        self.assertEqual(
            (line.prm_source, line.prm_kind, line.prm_rank, line.prm_probability),
            ("product", "due", 1, 0.5),
        )
        event = self._get_events("added", relationship_id=self.relationship.id)
        self.assertEqual(event.order_line_id, line)
        self.assertEqual((event.source, event.user_id), ("product", self.manager))
        line.order_id.action_confirm()
        self.assertEqual(self._get_events("ordered").source, "product")

    def test_what_was_not_recommended_claims_nothing(self):
        other = self.env["product.product"].create({"name": "Other"})
        line = self._make_one(other).order.order_line
        self.assertFalse(line.prm_source)
        self.assertFalse(self._get_events("added"))

    def test_nothing_is_sent(self):
        before = self.env["mail.mail"].search_count([])
        outcomes = self._make(
            {one: {self.mug: 5} for one in self.everyone},
            users={self.both_a: self.salesperson},
        )
        self.assertEqual({one.order.state for one in outcomes.values()}, {"draft"})
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        messages = self.env["sale.order"].union(*(o.order for o in outcomes.values()))
        self.assertFalse(messages.message_ids.notification_ids)

    def test_quantity_is_rounded_up_to_whole_packs(self):
        self.mug.prm_sales_pack = 6
        outcome = self._make_one(quantity=7)
        self.assertEqual(outcome.quantity, 12)
        self.assertEqual(outcome.order.order_line.product_uom_qty, 12)

    def test_newest_open_draft_of_the_salesperson_is_extended(self):
        mine = {"user_id": self.manager.id}
        other = self.products[1]
        self._create_order(self.alpha, other, **mine)
        draft = self._create_order(self.alpha, other, **mine)
        draft.order_line.sequence = 40
        for values in (
            {"user_id": self.salesperson.id},
            {**mine, "state": "sent"},
            {**mine, "locked": True},
            {**mine, "validity_date": fields.Date.today() - timedelta(days=1)},
            {**mine, "prm_source": "portal"},
        ):
            self._create_order(self.alpha, other, **values)
        self._create_order(self.both, other, **mine)
        before = self._get_orders()
        outcome = self._make_one(quantity=8)
        self.assertEqual((outcome.result, outcome.order), ("extended", draft))
        self.assertEqual(self._get_orders(), before)
        self.assertEqual(draft.order_line.product_id, other | self.mug)
        self.assertEqual(draft.order_line[-1].product_uom_qty, 8)
        self.assertEqual(draft.order_line[-1].prm_source, "product")

    def test_a_draft_that_ends_today_is_open(self):
        draft = self._create_order(
            self.alpha,
            self.products[1],
            user_id=self.manager.id,
            validity_date=fields.Date.today(),
        )
        self.assertEqual(self._make_one().order, draft)

    def test_a_contact_s_draft_is_the_reseller_s(self):
        contact = self.user_alpha.partner_id
        draft = self._create_order(contact, self.products[1], user_id=self.manager.id)
        self.assertEqual(self._make_one().order, draft)

    def test_second_time_nothing_is_doubled(self):
        first = self._make_one()
        lines = {self.relationship: {self.mug: 5, self.products[1]: 2}}
        again = self._make(lines)
        present = again[self.relationship, self.mug]
        self.assertEqual((present.result, present.reason), ("skipped", "present"))
        self.assertEqual(present.order, first.order)
        added = again[self.relationship, self.products[1]]
        self.assertEqual((added.result, added.order), ("extended", first.order))
        self.assertEqual(first.order.order_line.mapped("product_uom_qty"), [5, 2])

    def test_each_salesperson_has_a_quotation(self):
        mine = self._make_one()
        theirs = self._make_one(users={self.relationship: self.salesperson})
        self.assertEqual(theirs.result, "made")
        self.assertEqual(theirs.order.user_id, self.salesperson)
        again = self._make_one(self.products[1], user=self.salesperson)
        self.assertEqual((again.result, again.order), ("extended", theirs.order))
        self.assertEqual(len(mine.order.order_line), 1)

    def test_only_active_relationships(self):
        for state in ("suspended", "ended", "candidate"):
            self.relationship.state = state
            outcomes = self._make({one: {self.mug: 5} for one in self.everyone})
            outcome = outcomes[self.relationship, self.mug]
            self.assertEqual((outcome.result, outcome.reason), ("skipped", state))
        self.assertEqual(outcomes[self.both_a, self.mug].reason, "present")
        self.relationship.state = "active"
        self.relationship.active = False
        self.assertEqual(self._make_one().reason, "archived")
        self.assertFalse(self._get_orders())

    def test_only_what_may_be_sold_to_the_reseller(self):
        foreign = self.env["product.product"].create(
            {"name": "Foreign", "company_id": self.company_b.id}
        )
        products = self.products[:2] | foreign | self.products[2:]
        products[0].active = False
        products[1].sale_ok = False
        products[3].prm_sold_through_resellers = False
        products[4].prm_minimum_grade_id = self.gold_a
        assortment = self.env["prm.assortment"].create(
            {
                "name": "No mug 5",
                "relationship_ids": self.relationship.ids,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "mode": "exclude",
                            "product_tmpl_id": products[5].product_tmpl_id.id,
                        },
                    )
                ],
            }
        )
        self.assertTrue(assortment)
        wanted = dict.fromkeys(products[:7], 5)
        outcomes = self._make({one: wanted for one in self.everyone})
        reasons = {
            one: [outcomes[one, product].reason for product in wanted]
            for one in self.everyone
        }
        always = ["not_saleable", "not_saleable", "other_company", "assortment"]
        self.assertEqual(
            reasons[self.relationship], [*always, "assortment", "assortment", False]
        )
        # The other reseller has the tier, and not the assortment.
        self.assertEqual(reasons[self.both_a], [*always, False, False, False])
        self.assertEqual(self._get_orders().order_line.product_id, products[6])

    def test_resellers_of_a_colleague_are_left_out(self):
        self.relationship.user_id = self.manager
        outcomes = self._make(
            {one: {self.mug: 5} for one in self.everyone}, user=self.salesperson
        )
        self.assertEqual(outcomes[self.relationship, self.mug].reason, "no_right")
        self.assertEqual(outcomes[self.both_a, self.mug].result, "made")
        self.assertFalse(self._get_orders())

    def test_in_another_s_name_only_with_the_right_to(self):
        user = new_test_user(self.env, "prm_own", groups=SALES_OWN)
        outcome = self._make_one(user=user, users={self.relationship: self.salesperson})
        self.assertEqual((outcome.result, outcome.reason), ("skipped", "no_right"))
        self.assertFalse(self._get_orders())

    def test_resellers_of_another_company_are_left_out(self):
        outcomes = self._make({self.rel_both_b: {self.mug: 5}}, user=self.salesperson)
        self.assertEqual(outcomes[self.rel_both_b, self.mug].reason, "no_right")

    def test_each_company_makes_its_own(self):
        self.manager.company_ids |= self.company_b
        relationships = self.both_a | self.rel_both_b
        relationships = relationships.with_user(self.manager).with_context(
            allowed_company_ids=(self.company_a | self.company_b).ids
        )
        outcomes = relationships._prm_make_quotations(
            {one: {self.mug: 5} for one in relationships}, "product"
        )
        orders = [one.order for one in outcomes]
        self.assertEqual(
            [order.company_id for order in orders], [self.company_a, self.company_b]
        )
        self.assertEqual(
            [order.pricelist_id for order in orders], [self.list_a, self.list_b]
        )

    def test_who_may_not_sell_makes_none(self):
        for user in (self.user_alpha, self.employee):
            with self.assertRaises(AccessError):
                self._make_one(user=user)
        reader = new_test_user(self.env, "prm_reader", groups=USER_GROUP)
        with self.assertRaises(AccessError):
            self._make_one(user=reader)

    def test_what_is_no_quantity_makes_nothing_at_all(self):
        for quantity in (0, -1, nan, inf, 1e12, "5", True, None):
            with self.assertRaisesRegex(ValidationError, "Mug 1 for Both Traders"):
                self._make(
                    {
                        self.relationship: {self.mug: 5},
                        self.both_a: {self.mug: 5, self.products[1]: quantity},
                    }
                )
        self.assertFalse(self._get_orders() | self._get_orders(self.both_a))

    def test_one_that_fails_does_not_lose_the_others(self):
        original = type(self.env["sale.order"]).create
        both, refusal = self.both, "Credit limit"

        def create(orders, vals_list):
            for vals in vals_list:
                if vals["partner_id"] == both.id:
                    raise UserError(refusal)
            return original(orders, vals_list)

        with patch.object(type(self.env["sale.order"]), "create", create):
            outcomes = self._make({one: {self.mug: 5} for one in self.everyone})
        failed = outcomes[self.both_a, self.mug]
        self.assertEqual((failed.result, failed.reason), ("skipped", "error"))
        self.assertEqual(failed.message, refusal)
        self.assertEqual(outcomes[self.relationship, self.mug].result, "made")
        self.assertEqual(len(self._get_orders()), 1)
        self.assertFalse(self._get_orders(self.both_a))
        self.assertEqual(len(self._get_events("added")), 1)

    def test_where_a_list_comes_from_is_known(self):
        with self.assertRaises(ValueError):
            self.relationship._prm_make_quotations({}, "hearsay")

    def test_nothing_to_do_does_nothing(self):
        self.assertEqual(self._make({}), {})
        self.assertEqual(
            self.relationship._prm_make_quotations({self.relationship: {}}, "product"),
            [],
        )
