from datetime import date, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..models.const import USER_GROUP
from .common import SALES_OWN
from .offers_common import TODAY
from .resellers_common import ResellersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestProductReseller(ResellersCommon):
    def test_most_likely_first_then_who_bought_last(self):
        self._bought_by(self.epsilon, self.mug, 40)
        self._bought_by(self.rel_both_a, self.mug, 10)
        rows = self._get_rows()
        self.assertEqual(
            rows.relationship_id.ids,
            (
                self.gamma
                | self.relationship
                | self.delta
                | self.rel_both_a
                | self.epsilon
            ).ids,
        )
        self.assertEqual(rows.mapped("probability"), [0.8, 0.5, 0.2, 0, 0])
        self.assertEqual(rows.mapped("expected"), [8, 5, 2, 0, 0])
        self.assertEqual(rows.mapped("kind"), ["due"] * 3 + ["former"] * 2)

    def test_what_was_bought_is_in_the_product_s_unit(self):
        self._bought_by(self.gamma, self.mug, 90, 5)
        order = self._bought_by(self.gamma, self.mug, 30, 2)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self._bought_by(self.delta, self.products[1], 5)
        row = self._get_row(self.gamma)
        self.assertEqual(row.last_date, date(2026, 2, 14))
        self.assertEqual(row.last_quantity, 24)
        self.assertEqual(row.reason, "Usually every 28 days, last bought 30 days ago")
        self.assertFalse(self._get_row(self.delta).last_date)

    def test_days_are_the_company_s(self):
        self.company_a.partner_id.tz = "Asia/Jakarta"
        order = self._bought_by(self.gamma, self.mug, 0)
        order.date_order = "2026-03-10 20:00:00"
        self.assertEqual(self._get_row(self.gamma).last_date, date(2026, 3, 11))

    def test_former_buyer_without_a_recommendation(self):
        self._bought_by(self.epsilon, self.mug, 40, 7)
        self._bought_by(self.epsilon, self.mug, 60, 2)
        row = self._get_row(self.epsilon)
        self.assertEqual((row.kind, row.quantity, row.expected), ("former", 7, 0))
        self.assertEqual(row.reason, "Bought in 2 orders, the last 40 days ago")

    def test_who_only_has_a_quotation_is_no_buyer(self):
        self._create_order(self.epsilon.partner_id, self.mug)
        cancelled = self._create_order(self.rel_both_a.partner_id, self.mug)
        cancelled._action_cancel()
        self.assertEqual(len(self._get_rows()), 3)

    def test_what_stands_in_open_quotations(self):
        yesterday = fields.Date.today() - timedelta(days=1)
        partner = self.gamma.partner_id
        self._create_order(partner, self.mug, 4)
        self._create_order(partner, self.mug, 5, state="sent")
        self._create_order(partner, self.mug, 6, validity_date=yesterday)
        self._create_order(partner, self.mug, 7)._action_cancel()
        row = self._get_row(self.gamma)
        self.assertEqual(row.quoted, 9)
        self.assertTrue(row.reason.startswith("Stands in an open quotation · Usually"))
        self.assertEqual(self._get_row(self.delta).quoted, 0)
        found = self._get_rows(domain=[("quoted", "=", 0)])
        self.assertNotIn(self.gamma, found.relationship_id)

    def test_dismissed_rests_until_it_is_undone(self):
        relationship = self.gamma.with_user(self.manager)
        answer = relationship.dismiss_offer(self.mug.id, "range")
        row = self._get_row(self.gamma)
        self.assertEqual(fields.Date.to_string(row.rest_until), answer["until"])
        self.assertTrue(row.reason.startswith("Dismissed, rests until 03/16/2027"))
        self.assertFalse(self._get_row(self.delta).rest_until)
        relationship.undo_offer_event(answer["event_id"])
        row.invalidate_recordset()
        self.assertFalse(row.rest_until)

    def test_quantities_are_whole_packs(self):
        self.mug.prm_sales_pack = 6
        row = self._get_row(self.gamma)
        self.assertEqual(row.quantity, 12)
        self.assertAlmostEqual(row.expected, 9.6)

    def test_only_active_relationships(self):
        self.gamma.state = "suspended"
        self.delta.active = False
        self.assertEqual(self._get_rows().relationship_id, self.relationship)
        # A candidate has recommendations, too.
        self.epsilon.state = "ended"
        self.epsilon.state = "candidate"
        self._recommend(self.epsilon, self.mug)
        self.assertEqual(self._get_rows().relationship_id, self.relationship)

    def test_own_price_is_that_of_a_line_typed_by_hand(self):
        pounds = self.env.ref("base.GBP")
        pounds.active = True
        foreign = self.env["product.pricelist"].create(
            {"name": "Pounds", "currency_id": pounds.id}
        )
        for pricelist, price in ((foreign, 3.21), (self.list_a, 7.77)):
            self._create_rule(
                pricelist,
                applied_on="0_product_variant",
                product_id=self.mug.id,
                compute_price="fixed",
                fixed_price=price,
                min_quantity=10,
            )
        self.gamma.grade_id = self.gold_a
        self.delta.partner_id.property_product_pricelist = foreign
        self.delta.pricelist_source = "own"
        for relationship, price in (
            (self.relationship, self.mug.list_price),
            (self.gamma, 7.77),
            (self.delta, 3.21),
        ):
            row = self._get_row(relationship)
            form = Form(self.env["sale.order"].with_user(self.manager))
            form.partner_id = relationship.partner_id
            with form.order_line.new() as line:
                line.product_id = self.mug
                line.product_uom_qty = row.quantity
            order = form.save()
            self.assertEqual(row.price, order.order_line.price_unit)
            self.assertEqual(row.price_currency_id, order.currency_id)
            self.assertEqual(row.price, price)

    def test_nothing_is_read_without_products(self):
        page = self.env["prm.product.reseller"].with_user(self.manager)
        self.assertFalse(page.search([]))
        for bad in (["x"], [self.mug.id, "1); DROP TABLE x"], "12", [None], [{}]):
            found = page.with_context(prm_product_ids=bad).search([])
            self.assertLessEqual(set(found.product_id.ids), {self.mug.id})

    def test_several_products(self):
        other = self.products[1]
        self._recommend(self.gamma, other, quantity=4.0, probability=0.1)
        rows = self._get_rows(self.mug | other)
        self.assertEqual(len(rows), 4)
        self.assertEqual(rows[-1].product_id, other)

    # Filters

    def test_filters_and_groups_of_the_search_view(self):
        territory = self.env["prm.territory"].create({"name": "North"})
        self.gamma.territory_id = territory
        self.gamma.grade_id = self.gold_a
        self.gamma.user_id = self.salesperson
        self._bought_by(self.epsilon, self.mug, 400)
        self._bought_by(self.delta, self.mug, 4)
        for domain, expected in (
            ([("territory_id", "=", territory.id)], self.gamma),
            ([("grade_id", "=", self.gold_a.id)], self.gamma),
            ([("user_id", "=", self.salesperson.id)], self.gamma),
            ([("last_date", "!=", False)], self.delta | self.epsilon),
            ([("last_date", ">=", "today -1y")], self.delta),
            ([("due_date", "<=", "today +28d")], self.rels[:3]),
            ([("kind", "=", "former")], self.epsilon),
        ):
            with self.subTest(domain=domain):
                found = self._get_rows(domain=domain)
                self.assertEqual(found.relationship_id.sorted("id"), expected)
        groups = self._get_page().formatted_read_group(
            [], ["user_id"], ["expected:sum", "__count"]
        )
        self.assertEqual(
            [(one["expected:sum"], one["__count"]) for one in groups],
            [(8.0, 1), (7.0, 3)],
        )
        view = self.env.ref("prm_partner_portal.prm_product_reseller_view_search")
        for node in view._get_combined_arch().iter("filter"):
            if node.get("domain"):
                domain = safe_eval(node.get("domain"), {"uid": self.manager.id})
                Domain(domain).validate(self._get_page())

    # Who sees what

    def test_own_resellers_and_those_of_nobody(self):
        seller = new_test_user(self.env, "prm_own", groups=SALES_OWN)
        self.gamma.user_id = seller
        self.delta.user_id = self.manager
        mine = self.gamma | self.relationship
        self.assertEqual(
            self._get_rows(user=seller).relationship_id.sorted("id"), mine.sorted("id")
        )
        self.assertEqual(self.mug.with_user(seller).prm_reseller_count, 2)
        self.assertEqual(self.mug.with_user(self.manager).prm_reseller_count, 3)
        self.assertFalse(self._get_rows(user=self.stranger))

    def test_who_does_not_sell_sees_nothing(self):
        for user in (self.employee, self.user_alpha):
            with self.assertRaises(AccessError):
                self._get_rows(user=user)
            with self.assertRaises(AccessError):
                self.mug.with_user(user).action_prm_whom_to_offer()

    def test_row_opens_the_reseller(self):
        row = self._get_row(self.gamma)
        self.assertEqual(row.action_open_relationship()["res_id"], self.gamma.id)
        self.gamma.user_id = self.manager
        seller = new_test_user(self.env, "prm_own", groups=SALES_OWN)
        with self.assertRaises(AccessError):
            row.with_user(seller).action_open_relationship()

    # From the product

    def test_button_of_the_product(self):
        self.assertEqual(self.mug.with_user(self.manager).prm_reseller_count, 3)
        action = self.mug.with_user(self.manager).action_prm_whom_to_offer()
        page = self.env["prm.product.reseller"].with_user(self.manager)
        rows = page.with_context(**action["context"]).search([])
        self.assertEqual(len(rows), 3)
        reader = new_test_user(self.env, "prm_reader", groups=USER_GROUP)
        self.assertEqual(self.mug.with_user(reader).prm_reseller_count, 3)

    def test_a_reseller_counts_once_for_all_variants(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": n}) for n in "SML"]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Shirt",
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [(6, 0, attribute.value_ids.ids)],
                        },
                    )
                ],
            }
        )
        variants = template.product_variant_ids
        self._recommend(self.gamma, variants)
        self._recommend(self.delta, variants[:1])
        template = template.with_user(self.manager)
        self.assertEqual(template.prm_reseller_count, 2)
        action = template.action_prm_whom_to_offer()
        self.assertEqual(action["context"]["prm_product_ids"], variants.ids)
        self.assertTrue(action["context"]["prm_several_products"])

    def test_how_many_products_at_a_time(self):
        many = (
            self.env["product.product"]
            .create([{"name": f"Many {n}"} for n in range(81)])
            .with_user(self.manager)
        )
        with self.assertRaisesRegex(UserError, "81 products are chosen: at most 80"):
            many.action_prm_whom_to_offer()
        self.assertTrue(many[1:].action_prm_whom_to_offer())
        with self.assertRaisesRegex(UserError, "no product"):
            many.browse().action_prm_whom_to_offer()
