from freezegun import freeze_time

from odoo.tests import Form, tagged

from .offers_common import TODAY, OffersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOrderTabRows(OffersCommon):
    def test_reasons_are_sentences_with_the_days_of_today(self):
        reasons = self.env["prm.recommendation"].search(
            [("product_id", "=", self.products[0].id)]
        )
        reasons.reasons = [
            reasons.reasons[0],
            {"code": "similar", "params": {"buyers": 18, "of": 23}},
            {"code": "similar", "params": {"buyers": 2, "of": 3}},
            {"code": "together", "params": {"product": self.products[1].id}},
            {"code": "together", "params": {"product": str(self.products[2].id)}},
            {"code": "together", "params": {"product": 0}},
            {"code": "together", "params": {"product": "x"}},
            {"code": "popular", "params": {"buyers": 40, "days": 90}},
            {"code": "usual", "params": {"orders": 4, "days_since": 8}},
            {"code": "forgotten", "params": {"interval_days": 30}},
            {"code": "unheard", "params": {}},
        ]
        self._bought(self.products[0], 33)
        self.assertEqual(
            self._get_row(self.products[0])["reasons"],
            [
                "Usually every 28 days, last bought 33 days ago",
                "18 of 23 similar resellers buy it",
                "Often bought with Mug 1",
                "Often bought with Mug 2",
                "40 resellers bought it in the last 90 days",
                "Bought in 4 orders, the last 33 days ago",
            ],
        )
        self.assertIn("18 of 23 similar resellers buy it", reasons.reason)

    def test_a_new_product_says_what_it_is_like(self):
        reasons = [
            {"code": "alike", "params": {"product": self.products[1].id}},
            {"code": "alike", "params": {"product": 0}},
        ]
        self.assertEqual(
            self.env["prm.reasons.mixin"]._prm_render_reasons(
                reasons, {self.products[1].id: "Mug 1"}
            ),
            ["New, and like Mug 1, bought before"],
        )

    def test_reasons_in_the_singular(self):
        reasons = [
            {"code": "rhythm", "params": {"interval_days": 1.2, "days_since": 1}},
            {"code": "usual", "params": {"orders": 1, "days_since": 0}},
            {"code": "forgotten", "params": {"interval_days": 1, "days_since": 9}},
            {"code": "similar", "params": {"buyers": 1, "of": 7}},
        ]
        self.assertEqual(
            self.env["prm.reasons.mixin"]._prm_render_reasons(reasons, {}),
            [
                "Usually every day, last bought yesterday",
                "Bought once, today",
                "Used to buy it every day, last 9 days ago",
                "1 of 7 similar resellers buys it",
            ],
        )

    def test_last_purchase_and_months_are_in_own_units(self):
        self._bought(self.products[0], 400, 4)
        self._bought(self.products[0], 70, 4)
        order = self._bought(self.products[0], 5, 2)
        order.order_line.write(
            {
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                "price_unit": 96.0,
                "discount": 25.0,
            }
        )
        row = self._get_row(self.products[0])
        self.assertEqual(
            row["last"],
            {
                "date": "2026-03-11",
                "quantity": 24.0,
                "price": 6.0,
                "currency_id": order.currency_id.id,
            },
        )
        self.assertEqual(row["months"], [0.0] * 9 + [4.0, 0.0, 24.0])
        self.assertEqual(self._get_row(self.products[1])["months"], [0.0] * 12)
        self.assertFalse(self._get_row(self.products[1])["last"])

    def test_quantity_is_rounded_to_minimum_and_pack(self):
        pricelist = self.env["product.pricelist"].create({"name": "Minimum"})
        for product, minimum in ((self.products[0], 12), (self.products[1], 2)):
            self._create_rule(
                pricelist,
                applied_on="0_product_variant",
                product_id=product.id,
                compute_price="fixed",
                fixed_price=8.0,
                min_quantity=minimum,
            )
        self.products[0].prm_sales_pack = 5
        self.products[2].prm_sales_pack = 4
        quantities = [
            self._get_row(product, pricelist_id=pricelist.id)["quantity"]
            for product in self.products[:4]
        ]
        self.assertEqual(quantities, [15, 5, 8, 5])

    def test_prices_are_those_of_a_line_typed_by_hand(self):
        self._show_discounts()
        foreign = self.env.ref("base.GBP")
        foreign.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": foreign.id,
                "company_id": self.company_a.id,
                "rate": 0.5,
                "name": "2026-01-01",
            }
        )
        gross = self.env["account.tax"].create(
            {"name": "Gross", "amount": 15, "price_include_override": "tax_included"}
        )
        net = self.env["account.tax"].create({"name": "None", "amount": 0})
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        net.fiscal_position_ids = position
        net.original_tax_ids = gross
        self.products[3].taxes_id = gross
        pricelist = self.env["product.pricelist"].create(
            {"name": "Abroad", "currency_id": foreign.id}
        )
        for number, values in enumerate(
            (
                {"compute_price": "percentage", "percent_price": 20},
                {"compute_price": "fixed", "fixed_price": 7.5, "min_quantity": 5},
                {"compute_price": "formula", "price_discount": 10},
            )
        ):
            self._create_rule(
                pricelist,
                applied_on="0_product_variant",
                product_id=self.products[number].id,
                **values,
            )
        order = self._create_order(
            self.alpha,
            self.product,
            pricelist_id=pricelist.id,
            fiscal_position_id=position.id,
        )
        for product in self.products[:5]:
            row = self._get_row(
                product,
                order_id=order.id,
                pricelist_id=pricelist.id,
                fiscal_position_id=position.id,
            )
            with Form(order) as form, form.order_line.new() as line:
                line.product_id = product
                line.product_uom_qty = row["quantity"]
            line = order.order_line[-1]
            self.assertEqual(line.product_id, product)
            self.assertAlmostEqual(row["price_before"], line.price_unit, places=2)
            self.assertAlmostEqual(row["discount"], line.discount, places=2)
            self.assertAlmostEqual(
                row["price"], line.price_unit * (1 - line.discount / 100), places=2
            )
            line.unlink()
        offers = self._get_offers(pricelist_id=pricelist.id)
        self.assertEqual(offers["currency_id"], foreign.id)
        self.assertEqual([row["discount"] for row in offers["due"]], [20, 0, 0, 0, 0])
        self.assertEqual(
            [row["price"] for row in offers["due"]], [4, 7.5, 13.5, 20, 25]
        )

    def test_list_without_a_rule_gives_the_sales_price_as_odoo_does(self):
        pricelist = self.env["product.pricelist"].create({"name": "Empty"})
        row = self._get_row(self.products[2], pricelist_id=pricelist.id)
        self.assertEqual(row["price"], 30)
        self.assertEqual(self._get_row(self.products[2])["price"], 30)

    def test_number_of_queries_does_not_grow_with_the_list(self):
        def count(products):
            self.env["prm.recommendation"].sudo().search(
                [("relationship_id", "=", self.relationship.id)]
            ).unlink()
            self._recommend(self.relationship, products)
            self.env.flush_all()
            self._get_offers(pricelist_id=pricelist.id)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self._get_offers(pricelist_id=pricelist.id)
            self.assertEqual(len(rows["due"]), len(products))
            return self.env.cr.sql_log_count - before

        pricelist = self.list_a
        few, many = count(self.products[:1]), count(self.products)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 22)

    def test_tab_is_for_who_may_see_the_reseller(self):
        order = self._create_order(self.alpha, self.products[0], 1)
        order.user_id = self.salesperson
        self.assertTrue(order.with_user(self.manager).prm_can_offer)
        self.assertTrue(order.with_user(self.salesperson).prm_can_offer)
        self.relationship.user_id = self.manager
        self.assertTrue(order.with_user(self.manager).prm_can_offer)
        self.assertFalse(order.with_user(self.salesperson).prm_can_offer)
        self.relationship.sudo().state = "suspended"
        self.assertFalse(order.with_user(self.manager).prm_can_offer)
