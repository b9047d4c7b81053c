from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .day_common import NOW, TODAY, DayCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDayList(DayCommon):
    """Who is in the list, in which order, and what is said about it."""

    def test_three_parts_are_added(self):
        self._due(self.rel_alpha, self.mugs[0])
        self._due(self.rel_alpha, self.mugs[1], days=-40, price=2)
        self._break_rhythm(self.rel_alpha)
        self._quote(self.alpha, days_ago=4, amount=70)
        day = self._get_day()
        self.assertEqual(day["sums"], {"due": 60, "risk": 1000, "quotation": 70})
        self.assertEqual(day["cards"][0]["stake"], 1130)
        self.assertEqual(day["counts"]["all"], 2)
        self.assertEqual(day["counts"]["listed"], 1)

    def test_due_is_within_seven_days_or_overdue(self):
        self._due(self.rel_alpha, self.mugs[0], days=7)
        self._due(self.rel_both_a, self.mugs[0], days=8)
        self.assertEqual(self._get_names(), ["Alpha Traders"])

    def test_most_at_stake_first(self):
        self._due(self.rel_alpha, self.mugs[0], price=10)
        self._due(self.rel_both_a, self.mugs[0], price=11)
        self.assertEqual(self._get_names(), ["Both Traders", "Alpha Traders"])

    def test_not_due_when_ordered_since_the_night(self):
        self._due(self.rel_alpha, self.mugs[0])
        self._set_health(self.rel_alpha)
        order = self._create_order(self.alpha, self.mugs[0])
        self.assertFalse(self._get_names(), "it stands in an open quotation")
        order.action_confirm()
        self.assertFalse(self._get_names())
        order.date_order = NOW - timedelta(days=3)
        self.assertEqual(self._get_names(), ["Alpha Traders"], "the night knew that")

    def test_not_due_when_dismissed(self):
        self._due(self.rel_alpha, self.mugs[0])
        relationship = self.rel_alpha.with_user(self.salesperson)
        event = relationship.dismiss_offer(self.mugs[0].id, "enough")
        self.assertFalse(self._get_names())
        relationship.undo_offer_event(event["event_id"])
        self.assertEqual(self._get_names(), ["Alpha Traders"])

    def test_risk_grows_from_green_to_amber(self):
        """Green up to 1.5 times the usual 10 days, amber up to 2.5 times."""
        for silent, risk in ((15, 0), (20, 500), (25, 1000), (300, 1000)):
            with self.subTest(silent=silent):
                self._break_rhythm(self.rel_alpha, silent=silent)
                self.assertAlmostEqual(self._get_day()["sums"]["risk"], risk)

    def test_no_risk_in_a_pause_that_is_usual(self):
        """Four in five pauses of this one last up to 25 days: both limits move by
        the difference between that and 15, where green ends."""
        for silent, risk in ((20, 0), (25, 0), (30, 500), (35, 1000)):
            with self.subTest(silent=silent):
                self._break_rhythm(self.rel_alpha, silent=silent)
                self._set_health(self.rel_alpha, late_interval=25)
                self.assertAlmostEqual(self._get_day()["sums"]["risk"], risk)

    def test_no_risk_without_a_rhythm(self):
        self._break_rhythm(self.rel_alpha)
        self._set_health(self.rel_alpha, color="grey")
        self.assertFalse(self._get_names())

    def test_no_risk_when_ordered_today(self):
        self._break_rhythm(self.rel_alpha)
        self._create_order(self.alpha, self.mugs[0]).action_confirm()
        self.assertFalse(self._get_names())

    def test_quotation_waits_from_the_third_day_on(self):
        order = self._quote(self.alpha, days_ago=2)
        self.assertFalse(self._get_names())
        order.date_order = NOW - timedelta(days=3)
        self.assertEqual(self._get_names(), ["Alpha Traders"])
        order.validity_date = TODAY - timedelta(days=1)
        self.assertFalse(self._get_names(), "it has expired")

    def test_quotation_waits_no_longer_when_all_of_it_was_ordered(self):
        self._quote(self.alpha, days_ago=4)
        other = self._create_order(self.alpha, self.mugs[4])
        other.action_confirm()
        self.assertEqual(self._get_names(), ["Alpha Traders"])
        same = self._create_order(self.alpha, self.mugs[5])
        same.action_confirm()
        self.assertFalse(self._get_names())
        same.date_order = NOW - timedelta(days=5)
        self.assertEqual(self._get_names(), ["Alpha Traders"], "that was before")

    def test_at_most_twenty(self):
        for number in range(22):
            reseller = self._create_reseller(f"Reseller {number}")
            relationship = self._create_relationship(
                reseller, self.company_a, user_id=self.salesperson.id
            )
            self._due(relationship, self.mugs[0], price=number + 1)
        day = self._get_day()
        self.assertEqual(len(day["cards"]), 20)
        self.assertEqual(day["cards"][0]["name"], "Reseller 21")
        self.assertEqual(day["counts"]["listed"], 22)
        self.assertEqual(day["sums"]["due"], sum(5 * (n + 1) for n in range(2, 22)))

    def test_only_active_resellers(self):
        self._due(self.rel_alpha, self.mugs[0])
        self.rel_alpha.write({"state": "suspended", "state_reason": "x"})
        self.assertFalse(self._get_names())

    def test_currency_of_several_companies(self):
        rate = {"name": "2026-01-01", "rate": 2.0, "company_id": self.company_a.id}
        rate["currency_id"] = self.company_b.currency_id.id
        self.env["res.currency.rate"].search(
            [("currency_id", "=", rate["currency_id"])]
        ).unlink()
        self.env["res.currency.rate"].create(rate)
        self.salesperson.company_ids |= self.company_b
        self.rel_beta.user_id = self.salesperson
        self._due(self.rel_alpha, self.mugs[0], price=10)
        self._due(self.rel_beta, self.mugs[0], price=16)
        companies = (self.company_a | self.company_b).ids
        day = self._get_day(allowed_company_ids=companies)
        self.assertEqual(
            [(card["name"], card["company"], card["stake"]) for card in day["cards"]],
            [
                ("Alpha Traders", self.company_a.name, 50),
                ("Beta Traders", self.company_b.name, 80),
            ],
        )
        self.assertEqual(day["sums"]["due"], 90)
        day = self._get_day(allowed_company_ids=self.company_a.ids)
        self.assertEqual(len(day["cards"]), 1)
        self.assertFalse(day["cards"][0]["company"])

    # Words

    def test_why_names_the_strongest_part(self):
        self._due(self.rel_alpha, self.mugs[0])
        card = self._get_card(self.rel_alpha)
        self.assertRegex(
            card["why"],
            r"^Mug 0 is overdue or due within 7 days: about \S*\s?50.* to be expected",
        )
        self._due(self.rel_alpha, self.mugs[1], price=1)
        why = self._get_card(self.rel_alpha)["why"]
        self.assertIn("Mug 0 and 1 more are overdue", why)
        self._break_rhythm(self.rel_alpha, silent=42, every=14, turnover=14400)
        why = self._get_card(self.rel_alpha)["why"]
        self.assertRegex(
            why,
            r"^Usually orders every 14 days, silent for 42 days: about \S*\s?1,200.* a"
            r" month at stake\.$",
        )
        self._break_rhythm(self.rel_alpha, silent=28, every=14, turnover=14400)
        why = self._get_card(self.rel_alpha)["why"]
        self.assertRegex(why, r"about \S*\s?600.* of its \S*\s?1,200.* a month")
        order = self._quote(self.alpha, days_ago=5, amount=5000)
        why = self._get_card(self.rel_alpha)["why"]
        self.assertIn(f"Quotation {order.name} of", why)
        self.assertIn("for 5 days.", why)
        self._create_order(self.alpha, self.mugs[4]).action_confirm()
        why = self._get_card(self.rel_alpha)["why"]
        self.assertIn("for 5 days, although it ordered on 03/16/2026.", why)

    def test_what_can_not_be_sold_is_not_named(self):
        self._due(self.rel_alpha, self.mugs[0], price=20)
        self._due(self.rel_alpha, self.mugs[1])
        self.mugs[0].is_storable = True  # and there is none
        card = self._get_card(self.rel_alpha)
        self.assertEqual([item["name"] for item in card["items"]], ["Mug 1"])
        self.mugs[1].product_tmpl_id.sale_ok = False
        card = self._get_card(self.rel_alpha)
        self.assertFalse(card["items"])
        self.assertIn("2 products are overdue or due", card["why"])

    def test_card(self):
        for number, mug in enumerate(self.mugs[:4]):
            self._due(self.rel_alpha, mug, price=number + 1)
        self._set_health(self.rel_alpha, last_order_date="2026-03-01")
        quotation = self._quote(self.alpha, days_ago=1)
        self.rel_alpha.activity_schedule(
            "mail.mail_activity_data_todo", TODAY, summary="Send the catalogue"
        )
        self._create_order(self.both, self.mugs[0])
        card = self._get_card(self.rel_alpha)
        self.assertEqual(card["phone"], "+62 21 555")
        self.assertEqual(card["last_order"], "2026-03-01")
        self.assertFalse(card["last_contact"])
        self.assertEqual(
            [item["name"] for item in card["items"]], ["Mug 3", "Mug 2", "Mug 1"]
        )
        self.assertEqual(
            card["items"][0]["reason"], "Usually every 28 days, last bought 31 days ago"
        )
        texts = [question["text"] for question in card["questions"]]
        self.assertEqual(len(texts), 2)
        self.assertIn(quotation.name, texts[0])
        self.assertIn("Send the catalogue", texts[1])

    def test_phone_of_a_contact_when_the_reseller_has_none(self):
        self.alpha.phone = False
        self.user_alpha.partner_id.phone = "+62 812"
        self._due(self.rel_alpha, self.mugs[0])
        card = self._get_card(self.rel_alpha)
        self.assertEqual(card["phone"], "+62 812")
        self.assertEqual(card["contact"], "Buyer alpha")

    def test_late_delivery_and_overdue_invoice_are_open_questions(self):
        self.mugs[4].is_storable = True
        order = self._create_order(self.alpha, self.mugs[4], 2)
        order.action_confirm()
        order.picking_ids.scheduled_date = NOW - timedelta(days=2)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.user_alpha.partner_id.id,
                "invoice_date": TODAY - timedelta(days=40),
                "invoice_date_due": TODAY - timedelta(days=10),
                "invoice_line_ids": [
                    (0, 0, {"name": "x", "price_unit": 77, "tax_ids": []})
                ],
            }
        )
        invoice.action_post()
        self._due(self.rel_alpha, self.mugs[0])
        texts = [q["text"] for q in self._get_card(self.rel_alpha)["questions"]]
        self.assertEqual(len(texts), 2)
        self.assertIn("77", texts[0])
        self.assertIn("overdue since 03/06/2026", texts[0])
        self.assertIn(f"{order.picking_ids.name} is late", texts[1])

    # Empty

    def test_empty_says_why(self):
        self.assertEqual(self._get_day(self.colleague)["empty"], "nobody")
        self.assertEqual(self._get_day()["empty"], "never")
        self._due(self.rel_alpha, self.mugs[0], days=30)
        self.assertEqual(self._get_day()["empty"], "nothing")
        self._due(self.rel_alpha, self.mugs[1])
        self.assertFalse(self._get_day()["empty"])
        self._record("offered")
        day = self._get_day()
        self.assertEqual(day["empty"], "done")
        self.assertEqual(day["next"], "2026-03-23")
        self.assertEqual(day["counts"]["resting"], 1)

    # Pinned and put off

    def test_pinned_is_first_and_stays(self):
        self._due(self.rel_alpha, self.mugs[0])
        both = self.rel_both_a.with_user(self.salesperson)
        both.pin_in_day(True)
        both.pin_in_day(True)
        self.assertEqual(self._get_names(), ["Both Traders", "Alpha Traders"])
        why = self._get_card(self.rel_both_a)["why"]
        self.assertEqual(why, "Pinned: nothing is at stake today.")
        both.pin_in_day(False)
        self.assertEqual(self._get_names(), ["Alpha Traders"])

    def test_put_off_for_today_only(self):
        self._due(self.rel_alpha, self.mugs[0])
        alpha = self.rel_alpha.with_user(self.salesperson)
        alpha.skip_in_day(True)
        day = self._get_day()
        self.assertFalse(day["cards"])
        self.assertEqual(day["skipped_ids"], alpha.ids)
        self.assertEqual(day["empty"], "done")
        alpha.skip_in_day(False)
        self.assertEqual(self._get_names(), ["Alpha Traders"])
        alpha.skip_in_day(True)
        with freeze_time(NOW + timedelta(days=1)):
            self.assertEqual(self._get_names(), ["Alpha Traders"])

    # The company's day

    def test_today_is_the_companys_whatever_the_users_clock(self):
        """23:59 in New York on Sunday is Monday in Jakarta."""
        self.company_a.partner_id.tz = "Asia/Jakarta"
        self.salesperson.tz = "America/New_York"
        self._due(self.rel_alpha, self.mugs[0], days=7)
        with freeze_time(datetime(2026, 3, 16, 3, 59)):
            self.assertEqual(self._get_day()["today"], "2026-03-16")
            self.assertEqual(self._get_names(), ["Alpha Traders"])
            self._record("not_reached")
            self.assertFalse(self._get_names())
        with freeze_time(datetime(2026, 3, 16, 16, 59)):  # 23:59 in Jakarta
            self.assertFalse(self._get_names())
        with freeze_time(datetime(2026, 3, 16, 17, 0)):
            self.assertEqual(self._get_names(), ["Alpha Traders"])
        with freeze_time(datetime(2026, 3, 15, 16, 59)):
            self.assertEqual(self._get_day()["today"], "2026-03-15")

    def test_holiday_says_so(self):
        self.assertFalse(self._get_day()["holiday"])
        self._add_holiday("Nyepi", "2026-03-16", "2026-03-17")
        self.assertEqual(
            self._get_day()["holiday"], {"name": "Nyepi", "next": "2026-03-18"}
        )
        with freeze_time("2026-03-21 09:00:00"):  # a Saturday
            self.assertEqual(
                self._get_day()["holiday"], {"name": "", "next": "2026-03-23"}
            )

    def test_calendar_that_never_works_is_none(self):
        self.company_a.resource_calendar_id.attendance_ids.unlink()
        self.assertFalse(self._get_day()["holiday"])

    # Whose list

    def test_manager_may_stand_in(self):
        self._due(self.rel_alpha, self.mugs[0])
        relationships = self.env["prm.relationship"].with_user(self.manager)
        day = relationships.get_day(self.salesperson.id)
        self.assertEqual([card["name"] for card in day["cards"]], ["Alpha Traders"])
        self.assertEqual(day["user_name"], self.salesperson.name)
        self.assertIn(self.salesperson.id, [user["id"] for user in day["users"]])
        self.assertFalse(relationships.get_day()["cards"])
        self.assertFalse(self._get_day()["users"])

    def test_refused_to_open_a_colleagues_list(self):
        for user in (self.salesperson, self.stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["prm.relationship"].with_user(user).get_day(self.colleague.id)
        with self.assertRaises(AccessError):
            self.env["prm.relationship"].with_user(self.manager).get_day("1")

    def test_colleague_can_not_pin_or_put_off(self):
        alpha = self.rel_alpha.with_user(self.colleague)
        for method in (alpha.pin_in_day, alpha.skip_in_day):
            with self.assertRaises(AccessError):
                method(True)
        self.assertFalse(self.rel_alpha.day_pinned)
        self.assertFalse(self.rel_alpha.day_skipped)

    def test_entries_move_with_the_reseller(self):
        self._due(self.rel_alpha, self.mugs[0])
        self.rel_alpha.with_user(self.salesperson).pin_in_day(True)
        self._record("offered", self.rel_both_a)
        self.rel_alpha.user_id = self.colleague
        self.rel_both_a.user_id = self.colleague
        self.assertFalse(self._get_names())
        day = self._get_day(self.colleague)
        self.assertTrue(day["cards"][0]["pinned"])
        self.assertEqual(day["counts"]["resting"], 1)

    # Cost

    def _count_statements(self):
        relationships = self.env["prm.relationship"].with_user(self.salesperson)
        relationships.get_day()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertTrue(relationships.get_day()["cards"])
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_depend_on_rows(self):
        self._due(self.rel_alpha, self.mugs[0])
        self._record("offered", self.rel_both_a)
        first = self._count_statements()
        self.assertLessEqual(first, 26)
        for number in range(25):
            reseller = self._create_reseller(f"Reseller {number}")
            relationship = self._create_relationship(
                reseller, self.company_a, user_id=self.salesperson.id
            )
            for mug in self.mugs:
                self._due(relationship, mug, price=number + 1)
            self._quote(reseller, days_ago=4)
            if number % 2:
                self._record("offered", relationship)
        self.assertEqual(self._count_statements(), first)

    def test_list_of_a_year_ago_does_not_count(self):
        """Fields of a day are days: what was put off long ago is back."""
        self._due(self.rel_alpha, self.mugs[0])
        self.rel_alpha.day_skipped = fields.Date.to_date("2025-03-16")
        self.assertEqual(self._get_names(), ["Alpha Traders"])
