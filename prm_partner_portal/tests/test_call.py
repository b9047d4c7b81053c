from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, tagged

from .day_common import NOW, TODAY, DayCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestCall(DayCommon):
    """What is in sight while the reseller is on the phone."""

    def _get_call(self, user=None):
        return self.rel_alpha.with_user(user or self.salesperson).get_call()

    def test_who_and_what(self):
        self._due(self.rel_alpha, self.mugs[0])
        self._due(self.rel_alpha, self.mugs[1], kind="forgotten", rank=2)
        self._due(self.rel_alpha, self.mugs[2], kind="new", due_date=False)
        self.user_alpha.partner_id.phone = "+62 812"
        bought = self._create_order(self.alpha, self.mugs[0], 3)
        bought.order_line.price_unit = 8.5
        bought.action_confirm()
        bought.date_order = NOW - timedelta(days=31)
        self._set_health(
            self.rel_alpha, color="red", rhythm_color="red", median_interval=10
        )
        self._record("offered", note="Wants blue ones")
        call = self._get_call()
        self.assertEqual(
            [phone["phone"] for phone in call["phones"]], ["+62 21 555", "+62 812"]
        )
        names = {
            block: [row["name"] for row in call[block]]
            for block in ("due", "stopped", "new")
        }
        self.assertEqual(
            names, {"due": ["Mug 0"], "stopped": ["Mug 1"], "new": ["Mug 2"]}
        )
        self.assertEqual(call["due"][0]["last"]["price"], 8.5)
        self.assertEqual(call["due"][0]["price"], 10)
        self.assertEqual(call["contacts"][0]["note"], "Wants blue ones")
        self.assertIn("Usually orders every 10 days", call["health"]["texts"][0])

    def test_prices_are_those_of_its_price_list(self):
        self._due(self.rel_alpha, self.mugs[0])
        self.rel_alpha.grade_id = self.gold_a
        self.assertEqual(self._get_call()["due"][0]["price"], 7)

    def test_open_documents(self):
        self.mugs[4].is_storable = True
        order = self._create_order(self.alpha, self.mugs[4], 2)
        order.action_confirm()
        order.picking_ids.scheduled_date = NOW - timedelta(days=2)
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.alpha.id,
                    "invoice_date": TODAY,
                    "invoice_date_due": TODAY + timedelta(days=days),
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 50, "tax_ids": []})
                    ],
                }
                for days in (*range(-3, 3), 9)
            ]
        )
        invoices.action_post()
        quotation = self._quote(self.alpha, days_ago=1, amount=30)
        call = self._get_call(self.manager)
        self.assertEqual(call["invoices_count"], 7)
        self.assertEqual(call["invoices_amount"], 350)
        self.assertEqual(len(call["invoices"]), 5)
        self.assertEqual([row["late"] for row in call["invoices"]][2:4], [True, False])
        self.assertEqual(call["deliveries"][0]["name"], order.picking_ids.name)
        self.assertTrue(call["deliveries"][0]["late"])
        self.assertEqual(call["quotations"][0]["id"], quotation.id)
        # A colleague's documents are named, but not opened
        (order | quotation).user_id = self.manager
        invoices.invoice_user_id = self.manager
        call = self._get_call()
        self.assertEqual(call["invoices_amount"], 350)
        self.assertFalse(call["invoices"][0]["id"])
        self.assertFalse(call["quotations"][0]["id"])

    def test_last_message(self):
        self.assertFalse(self._get_call()["message"])
        self.rel_alpha.message_post(
            body="They moved <b>house</b>", message_type="comment"
        )
        order = self._quote(self.alpha, days_ago=1)
        order.user_id = self.manager
        with freeze_time(NOW + timedelta(hours=1)):
            order.message_post(body="A colleague's", message_type="comment")
        self.assertEqual(
            self._get_call(self.manager)["message"]["text"], "A colleague's"
        )
        self.assertIn("They moved <b>house</b>", self._get_call()["message"]["text"])

    def test_refused(self):
        for user in (self.colleague, self.stranger, self.user_alpha, self.employee):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self._get_call(user)
                with self.assertRaises(AccessError):
                    self.rel_alpha.with_user(user).quote_call({self.mugs[0].id: 1})
        self.rel_alpha.write({"state": "suspended", "state_reason": "x"})
        with self.assertRaises(UserError):
            self._get_call()

    def test_what_was_looked_at_is_recorded_once(self):
        self._due(self.rel_alpha, self.mugs[0])
        alpha = self.rel_alpha.with_user(self.salesperson)
        alpha.record_call(self.mugs[:2].ids)
        alpha.record_call(self.mugs[:2].ids)
        events = self.env["prm.recommendation.event"].search([("type", "=", "shown")])
        self.assertEqual(events.mapped("source"), ["day"])
        self.assertEqual(events.product_id, self.mugs[0])

    # Quotation

    def _quote_call(self, quantities):
        return self.rel_alpha.with_user(self.salesperson).quote_call(quantities)

    def test_quotation_with_these(self):
        self._due(self.rel_alpha, self.mugs[0])
        answer = self._quote_call({str(self.mugs[0].id): 5, self.mugs[1].id: 2})
        self.assertFalse(answer["skipped"])
        order = self.env["sale.order"].browse(answer["order_id"])
        self.assertEqual(order.partner_id, self.alpha)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.user_id, self.salesperson)
        self.assertEqual(order.order_line.product_id, self.mugs[:2])
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [5, 2])
        self.assertEqual(order.order_line[0].prm_source, "day")
        again = self._quote_call({self.mugs[0].id: 5})
        self.assertEqual(again["order_id"], order.id)
        self.assertEqual(
            again["skipped"],
            [{"name": "Mug 0", "why": "Already in the draft quotation"}],
        )
        self.assertEqual(len(order.order_line), 2)

    def test_quotation_is_the_salespersons_when_a_manager_stands_in(self):
        alpha = self.rel_alpha.with_user(self.manager)
        answer = alpha.quote_call({self.mugs[0].id: 1})
        order = self.env["sale.order"].browse(answer["order_id"])
        self.assertEqual(order.user_id, self.salesperson)

    def test_nothing_is_made_of_what_is_no_quantity(self):
        orders = self.env["sale.order"].search_count([])
        for quantities in ({}, [1], "x", {"x": 1}, {self.mugs[0].id: -1}):
            with self.subTest(found=quantities), self.assertRaises(ValidationError):
                self._quote_call(quantities)
        self.assertEqual(self.env["sale.order"].search_count([]), orders)

    # Cost

    def _count_statements(self):
        alpha = self.rel_alpha.with_user(self.salesperson)
        alpha.get_call()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        alpha.get_call()
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_depend_on_rows(self):
        self._due(self.rel_alpha, self.mugs[0])
        self._quote(self.alpha, days_ago=1)
        self._record("offered")
        self.rel_alpha.message_post(body="x", message_type="comment")
        first = self._count_statements()
        self.assertLessEqual(first, 60)
        for mug in self.mugs[1:]:
            self._due(self.rel_alpha, mug)
            self._quote(self.alpha, days_ago=2)
            self._record("offered")
        self.rel_alpha.health_id.last_order_date = fields.Date.today()
        self.assertEqual(self._count_statements(), first)
