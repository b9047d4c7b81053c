from collections import defaultdict
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .offers_common import TODAY
from .overview_common import OverviewCommon

# Whatever there is of each; the list of what is due is that of the order tab.
STATEMENTS = 20
DUE_STATEMENTS = 32
FOCUS_STATEMENTS = 39


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOverview(OverviewCommon):
    def _two_years(self):
        """(day, product, amount) of two years, one order every 17 days."""
        lines = []
        for number, back in enumerate(range(3, 728, 17)):
            day = self.today - timedelta(days=back)
            amounts = {
                index: 10.0 + (number * 7 + index * 13) % 90
                for index in range(8)
                if (number + index) % 3
            }
            self._order(day, amounts)
            lines += [(day, index, amount) for index, amount in amounts.items()]
        self._order(self.today - timedelta(days=2), {0: 9999}, state="draft")
        self._order(self.today - timedelta(days=2), {0: 9999}, state="cancel")
        return lines

    def test_months_and_total_are_those_of_the_sales_analysis(self):
        lines = self._two_years()
        overview = self._overview()
        groups = self.env["sale.report"]._read_group(
            [
                ("prm_relationship_id", "=", self.relationship.id),
                ("state", "=", "sale"),
            ],
            ["date:month"],
            ["price_subtotal:sum"],
        )
        analysis = {f"{month:%Y-%m}": amount for month, amount in groups}
        first = self.today.replace(day=1) - relativedelta(months=11)
        for number, month in enumerate(overview["months"]):
            day = first + relativedelta(months=number)
            self.assertAlmostEqual(month["now"], analysis[f"{day:%Y-%m}"], 2)
            year_ago = sum(
                amount
                for date, _index, amount in lines
                if f"{date:%Y-%m}" == f"{day - relativedelta(years=1):%Y-%m}"
                and (number < 11 or date.day <= self.today.day)
            )
            self.assertAlmostEqual(month["before"], year_ago, 2)
        year = self.today - relativedelta(years=1)
        self.assertEqual(overview["basis"], "year")
        self.assertAlmostEqual(
            overview["total"]["now"], sum(a for d, _i, a in lines if d > year), 2
        )
        self.assertAlmostEqual(
            overview["total"]["before"],
            sum(
                a
                for d, _i, a in lines
                if self.today - relativedelta(years=2) < d <= year
            ),
            2,
        )

    def test_categories_stand_at_the_level_that_tells_them_apart(self):
        lines = self._two_years()
        year = self.today - relativedelta(years=1)
        expected = defaultdict(lambda: [0.0, 0.0])
        for day, index, amount in lines:
            name = "Kitchen" if index < 5 else "Garden"
            expected[name][0 if day > year else 1] += amount
        rows = self._overview()["categories"]
        self.assertEqual([row["name"] for row in rows], ["Kitchen", "Garden"])
        for row in rows:
            now, before = expected[row["name"]]
            self.assertAlmostEqual(row["now"], now, 2)
            self.assertAlmostEqual(row["before"], before, 2)
            self.assertAlmostEqual(row["change"], now / before - 1, 6)

    def test_short_history_is_compared_with_the_days_before(self):
        self._order(self.today - timedelta(days=100), {0: 100})
        self._order(self.today - timedelta(days=10), {0: 150, 5: 30})
        overview = self._overview()
        self.assertEqual(overview["basis"], "quarter")
        self.assertEqual(
            overview["total"], {"now": 180.0, "before": 100.0, "change": 0.8}
        )
        self.assertFalse(any(month["before"] for month in overview["months"]))
        new = next(row for row in overview["categories"] if row["name"] == "Garden")
        self.assertEqual((new["now"], new["change"]), (30.0, None))

    def test_other_currency_counts_in_that_of_the_company(self):
        order = self._order(self.today - timedelta(days=5), {0: 100})
        self.env.cr.execute(
            "UPDATE sale_order SET currency_rate = 4 WHERE id = %s", [order.id]
        )
        self.assertEqual(self._overview()["total"]["now"], 25.0)

    def test_day_is_that_of_the_company(self):
        self.company_a.partner_id.tz = "Pacific/Auckland"
        order = self._order(self.today, {0: 100})
        order.date_order = datetime(2026, 2, 28, 12, 30)  # 1 March in Auckland
        months = self._overview()["months"]
        self.assertEqual([month["now"] for month in months[-2:]], [0.0, 100.0])

    def _count_statements(self):
        """As for the first page that a request reads: no record is cached."""
        relationship = self.relationship.with_user(self.manager)
        for _warm in range(2):
            relationship.get_overview()
            self.env.flush_all()
            self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        relationship.get_overview()
        return self.env.cr.sql_log_count - before

    def _buy(self, stopped, fresh):
        for back in range(100, 400, 20):
            self._order(self.today - timedelta(days=back), dict.fromkeys(stopped, 50.0))
        self._order(self.today - timedelta(days=9), dict.fromkeys(fresh, 10.0))

    def test_statements_do_not_depend_on_how_much_there_is(self):
        self._buy(stopped=[0], fresh=[7])
        self._order(self.today - timedelta(days=6), {0: 10}, state="sent")
        self.assertEqual(self._count_statements(), STATEMENTS)
        self._buy(stopped=[0, 1, 2], fresh=[4, 5, 6])
        for back in range(3):
            self._order(self.today - timedelta(days=7 + back), {0: 5}, state="sent")
        self.assertEqual(self._count_statements(), STATEMENTS)

    def test_statements_do_not_depend_on_how_much_is_due(self):
        self._recommend(self.relationship, self.products[:1])
        self._buy(stopped=[0], fresh=[7])
        self.assertEqual(self._count_statements(), DUE_STATEMENTS)
        self._recommend(self.relationship, self.products[1:7])
        self.assertEqual(self._count_statements(), DUE_STATEMENTS)

    def test_statements_do_not_depend_on_how_much_is_in_focus(self):
        self._focus(self.products[:1])
        first = self._count_statements()
        self.assertLessEqual(first, FOCUS_STATEMENTS)
        self._focus(self.products[1:7], name="Bonus")
        self.assertEqual(self._count_statements(), first)

    # Who may see it

    def test_only_who_may_read_the_relationship(self):
        self.relationship.user_id = self.manager
        for user in (self.user_alpha, self.stranger, self.employee, self.salesperson):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._overview(user)
        self.relationship.user_id = self.salesperson
        self.assertTrue(self._overview(self.salesperson)["open"])

    def test_counts_only_what_the_user_may_see(self):
        self.relationship.user_id = self.salesperson
        self._order(self.today, {0: 5}, state="draft", user_id=self.manager.id)
        self._order(self.today, {0: 7}, state="draft", user_id=self.salesperson.id)
        counts = {}
        for user in (self.manager, self.salesperson):
            rows = {one["key"]: one for one in self._overview(user)["open"]}
            counts[user] = rows["quotations"]["count"], rows["quotations"]["amount"]
        self.assertEqual(counts[self.manager], (2, 12.0))
        self.assertEqual(counts[self.salesperson], (1, 7.0))

    # Open things

    def test_last_contact_as_my_day_recorded_it(self):
        self.assertFalse(self._overview()["talk"])
        for outcome, note in (("not_reached", False), ("offered", "Ten boxes")):
            relationship = self.relationship.with_user(self.manager)
            relationship.record_contact(outcome, note)
        talk = self._overview()["talk"]
        self.assertEqual(
            (talk["outcome"], talk["note"], talk["by"]),
            ("Offered", "Ten boxes", self.manager.name),
        )

    def test_open_things_lead_to_what_they_count(self):
        self._bought(self.products[0], days_ago=3)
        order = self._create_order(self.alpha, self.products[1], 2)
        order.action_confirm()
        self._order(
            self.today, {0: 5}, state="sent", validity_date=self.today - timedelta(1)
        )
        self._order(self.today - timedelta(days=4), {0: 5}, state="sent")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.alpha.id,
                "invoice_date": self.today - timedelta(days=40),
                "invoice_date_due": self.today - timedelta(days=10),
                "invoice_line_ids": [
                    (0, 0, {"name": "Cups", "price_unit": 80, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        rows = {one["key"]: one for one in self._overview()["open"]}
        self.assertEqual(
            {key: one["count"] for key, one in rows.items()},
            {
                "questions": 0,
                "quotations": 1,
                "deliveries": 1,
                "invoices": 1,
                "activities": 0,
            },
        )
        self.assertIn("4", rows["quotations"]["hint"])
        self.assertEqual(rows["invoices"]["amount"], 80.0)
        self.assertEqual(rows["invoices"]["tone"], "danger")
        for one in rows.values():
            if one["count"]:
                action = one["action"]
                found = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(len(found), one["count"], one["key"])

    # The next step

    def _next(self):
        return self._overview()["next"]

    def test_next_step_goes_from_the_most_urgent_on(self):
        self._set_health("red")
        self._recommend(self.relationship, self.products[:4])
        waiting = self._order(self.today - timedelta(days=5), {0: 5}, state="sent")
        call = self.relationship.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Ask for the shelf",
            user_id=self.manager.id,
        )
        question = waiting.with_user(self.user_alpha).sudo()
        question.message_post(
            body="When will it come?",
            author_id=self.user_alpha.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        step = self._next()
        self.assertIn(f"wrote on {waiting.name}", step["text"])
        self.assertEqual(step["action"]["res_id"], waiting.id)
        waiting.message_post(body="Mind the credit", subtype_xmlid="mail.mt_note")
        self.assertIn("wrote on", self._next()["text"])
        waiting.message_post(
            body="Tomorrow", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        step = self._next()
        self.assertIn("Ask for the shelf", step["text"])
        self.assertEqual(step["action"]["res_id"], call.id)
        call.date_deadline = self.today + timedelta(days=3)
        step = self._next()
        self.assertIn(waiting.name, step["text"])
        self.assertIn("5 days", step["text"])
        waiting.state = "cancel"
        self.assertEqual(self._next()["method"], "action_new_quotation")
        call.unlink()
        self.assertIn("At risk", self._next()["text"])
        self._set_health("green")
        step = self._next()
        self.assertIn("Mug 0", step["text"])
        self.assertIn("1 more", step["text"])
        self.env["prm.recommendation"].search([]).unlink()
        self.assertIn("Nothing is urgent", self._next()["text"])

    def test_plan_a_call_makes_an_activity(self):
        self._set_health("red")
        step = self._next()
        context = {**step["action"]["context"], "lang": "en_US"}
        scheduler = self.env["mail.activity.schedule"].with_user(self.manager)
        scheduler = scheduler.with_context(**context).create({})
        scheduler.action_schedule_activities()
        self.assertEqual(self.relationship.activity_ids.activity_category, "phonecall")

    def test_next_step_of_who_is_not_active(self):
        self.relationship.state = "suspended"
        self.assertFalse(self._next()["button"])
        self.relationship.state = "ended"
        self.relationship.state = "candidate"
        self.assertEqual(self._next()["method"], "action_activate")
        step = self._overview(self.stranger_of_a())["next"]
        self.assertFalse(step["button"])

    def stranger_of_a(self):
        self.relationship.user_id = self.salesperson
        return self.salesperson

    def _set_health(self, color, **values):
        self.relationship.health_id.sudo().write({"color": color, **values})
        self.env.flush_all()

    def test_turned_red_this_week(self):
        today = fields.Date.today()
        for color, since, expected in (
            ("red", today - timedelta(days=6), True),
            ("red", today - timedelta(days=7), False),
            ("red", False, False),
            ("amber", today, False),
        ):
            with self.subTest(color=color, since=since):
                self._set_health(color, color_since=since)
                self.env.invalidate_all()
                self.assertEqual(self.relationship.turned_red, expected)
                found = self.env["prm.relationship"].search([("turned_red", "=", True)])
                self.assertEqual(self.relationship in found, expected)
                others = self.env["prm.relationship"].search(
                    [("turned_red", "=", False)]
                )
                self.assertEqual(self.relationship in others, not expected)
