from datetime import timedelta

from odoo import Command, fields
from odoo.tests import freeze_time

from .nightly_common import NOW, NightlyCommon


@freeze_time(NOW)
class TestDataset(NightlyCommon):
    def test_one_row_a_line_when_orders_are_confirmed(self):
        order = self._sell(self.alpha, (self.apple, 3), (self.pear, 2), days_ago=4)
        self._sell(self.alpha, (self.apple, 9), confirm=False)
        self._sell(self.alpha, (self.apple, 9))._action_cancel()
        rows = self._extract()["orders"]
        self.assertCountEqual(
            [tuple(row.values()) for row in rows],
            [
                (str(self.rel_alpha.id), str(product.id), str(order.id), "2026-03-14",
                 str(quantity), f"{10 * quantity}.0000")
                for product, quantity in ((self.apple, 3), (self.pear, 2))
            ],
        )  # fmt: skip

    def test_left_out_when_line_is_section_note_or_empty(self):
        self._sell(
            self.alpha,
            {"display_type": "line_section", "name": "Fruit"},
            (self.apple, 1),
            {"display_type": "line_note", "name": "Fresh"},
            (self.pear, 0),
        )
        self._sell(self.alpha)
        self.assertEqual(self._get_bought(), [(self.apple.id, 1.0)])

    def test_counted_once_when_sold_as_combo(self):
        combo = self.env["product.combo"].create(
            {
                "name": "Fruit",
                "combo_item_ids": [Command.create({"product_id": self.apple.id})],
            }
        )
        basket = self.env["product.product"].create(
            {
                "name": "Basket",
                "type": "combo",
                "combo_ids": [Command.link(combo.id)],
                "list_price": 20,
            }
        )
        order = self._sell(self.alpha, (basket, 2), confirm=False)
        order.order_line = [
            Command.create(
                {
                    "product_id": self.apple.id,
                    "product_uom_qty": 2,
                    "combo_item_id": combo.combo_item_ids.id,
                    "linked_line_id": order.order_line.id,
                }
            )
        ]
        order.action_confirm()
        self.assertEqual(self._get_bought(), [(self.apple.id, 2.0)])

    def test_history_only_when_product_is_archived_or_unsaleable(self):
        self._sell(self.alpha, (self.apple, 1), (self.pear, 1), (self.plum, 1))
        self.apple.action_archive()
        self.pear.sale_ok = False
        rows = self._extract()
        self.assertEqual(len(rows["orders"]), 3)
        offered = {int(row["product"]) for row in rows["products"]}
        self.assertIn(self.plum.id, offered)
        self.assertFalse(offered & {self.apple.id, self.pear.id})

    def test_services_when_the_setting_says_so(self):
        training = self._create_products("Training", type="service")
        self._sell(self.alpha, (self.apple, 1), (training, 1))
        self.assertEqual(self._get_bought(), [(self.apple.id, 1.0)])
        self.company_a.prm_include_services = True
        self.assertIn((training.id, 1.0), self._get_bought())
        offered = {row["product"] for row in self._extract()["products"]}
        self.assertIn(str(training.id), offered)

    def test_left_out_when_discount_down_payment_or_tier(self):
        self.company_a.prm_include_services = True
        discount, tier = self._create_products("Discount", "Gold", type="service")
        self.company_a.sale_discount_product_id = discount
        tier.service_tracking = "partnership"
        tier.grade_id = self.gold_a
        order = self._sell(
            self.alpha,
            (self.apple, 1),
            {"product_id": discount.id, "product_uom_qty": 1, "price_unit": -5},
            confirm=False,
        )
        order.order_line = [
            Command.create(
                {"product_id": tier.id, "product_uom_qty": 1, "price_unit": 0}
            )
        ]
        order.action_confirm()
        order.order_line = [
            Command.create(
                {
                    "product_id": self.pear.id,
                    "product_uom_qty": 1,
                    "is_downpayment": True,
                    "name": "Down payment",
                }
            )
        ]
        self.assertEqual(self._get_bought(), [(self.apple.id, 1.0)])
        offered = {int(row["product"]) for row in self._extract()["products"]}
        self.assertFalse(offered & {discount.id, tier.id})

    def test_company_currency_when_sold_in_another(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "company_id": self.company_a.id,
                "rate": 0.5,
                "name": "2020-01-01",
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Euro", "currency_id": euro.id}
        )
        order = self._sell(
            self.alpha,
            {"product_id": self.apple.id, "product_uom_qty": 2, "price_unit": 7},
            pricelist_id=pricelist.id,
        )
        self.assertEqual(order.currency_id, euro)
        self.assertEqual(order.currency_rate, 0.5)
        self.assertEqual(self._extract()["orders"][0]["amount"], "28.0000")

    def test_own_unit_when_sold_by_the_dozen(self):
        self._sell(
            self.alpha,
            {
                "product_id": self.apple.id,
                "product_uom_qty": 2,
                "product_uom_id": self.dozen.id,
            },
        )
        self.assertEqual(self._get_bought(), [(self.apple.id, 24.0)])

    def test_left_out_when_dated_in_the_future_or_too_old(self):
        self._sell(self.alpha, (self.apple, 1), days_ago=-1)
        self._sell(self.alpha, (self.pear, 1), days_ago=800)
        self._sell(self.alpha, (self.plum, 1), days_ago=700)
        self.assertEqual(self._get_bought(), [(self.plum.id, 1.0)])
        self.company_a.prm_history_months = 12
        self.assertEqual(self._get_bought(), [])

    def test_rolled_up_when_a_contact_orders(self):
        contact = self.user_alpha.partner_id
        self._sell(contact, (self.apple, 1))
        self._sell(self.alpha, (self.pear, 1))
        self.assertEqual(
            self._get_bought(), [(self.apple.id, 1.0), (self.pear.id, 1.0)]
        )

    def test_each_company_its_own_when_reseller_has_two(self):
        self._sell(self.both, (self.apple, 1))
        self._sell(self.both, (self.pear, 2), company=self.company_b)
        self.assertEqual(self._get_bought(self.rel_both_a), [(self.apple.id, 1.0)])
        self.assertEqual(
            self._get_bought(self.rel_both_b, self.company_b), [(self.pear.id, 2.0)]
        )
        resellers = {
            int(row["reseller"]) for row in self._extract(self.company_b)["resellers"]
        }
        self.assertEqual(resellers, {self.rel_both_b.id, self.rel_beta.id})

    def test_the_companys_day_when_utc_has_another(self):
        self.company_a.partner_id.tz = "Asia/Jakarta"
        self._sell(self.alpha, (self.apple, 1), date_order="2026-03-10 16:59:59")
        self._sell(self.alpha, (self.pear, 1), date_order="2026-03-10 17:00:00")
        rows = {row["product"]: row["date"] for row in self._extract()["orders"]}
        self.assertEqual(rows[str(self.apple.id)], "2026-03-10")
        self.assertEqual(rows[str(self.pear.id)], "2026-03-11")

    def test_window_begins_with_the_companys_day(self):
        self.company_a.partner_id.tz = "America/New_York"
        self.company_a.prm_history_months = 24
        # 18 March 2026, 8 in the morning there: the 17th is the last day known.
        self._sell(self.alpha, (self.apple, 1), date_order="2024-03-18 03:59:59")
        self._sell(self.alpha, (self.pear, 1), date_order="2024-03-19 04:00:00")
        self._sell(self.alpha, (self.plum, 1), date_order="2026-03-18 04:00:00")
        self.assertEqual(self._get_bought(), [(self.pear.id, 1.0)])

    def test_last_known_day_when_night_and_when_afternoon(self):
        dataset = self.env["prm.dataset"]
        for moment, day in (
            ("2026-03-18 02:00:00", "2026-03-17"),
            ("2026-03-18 11:59:00", "2026-03-17"),
            ("2026-03-18 15:00:00", "2026-03-18"),
        ):
            with freeze_time(moment):
                self.assertEqual(str(dataset._get_as_of(self.company_a)), day)

    def test_left_out_when_relationship_is_ended_or_reseller_archived(self):
        self._sell(self.alpha, (self.apple, 1))
        self._sell(self.both, (self.apple, 1))
        self.rel_both_a.write({"state": "suspended"})
        self.assertEqual(len(self._extract()["orders"]), 2)
        self.rel_alpha.write({"state": "ended"})
        rows = self._extract()
        self.assertEqual(len(rows["orders"]), 1)
        self.assertEqual(len(rows["resellers"]), 1)
        self.rel_alpha.write({"state": "candidate"})
        self.assertEqual(len(self._extract()["orders"]), 2)

    def test_files_are_whole_when_there_is_nothing(self):
        self.env["sale.order"].search([]).filtered(
            lambda order: order.state == "sale"
        )._action_cancel()
        rows = self._extract(self.company_b)
        self.assertEqual(rows["orders"], [])
        self.assertEqual(len(rows["resellers"]), 2)

    def test_a_product_without_sales_is_told_while_it_is_new(self):
        self._sell(self.alpha, (self.apple, 3))
        category = self.env["product.category"].create({"name": "Fruit"})
        quince = self.env["product.product"].create(
            {"name": "Quince", "categ_id": category.id}
        )
        told = {row["product"]: row for row in self._extract()["products"]}
        self.assertEqual(told[str(quince.id)]["name"], "Quince")
        self.assertEqual(told[str(quince.id)]["category"], str(category.id))
        self.env.cr.execute(
            "UPDATE product_product SET create_date = %s WHERE id IN %s",
            (
                fields.Datetime.now() - timedelta(days=181),
                (quince.id, self.apple.id),
            ),
        )
        told = {row["product"] for row in self._extract()["products"]}
        self.assertNotIn(str(quince.id), told)
        self.assertIn(str(self.apple.id), told, "sold: whenever it was created")
