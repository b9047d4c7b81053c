import io
from datetime import date, datetime, timedelta
from itertools import chain, repeat
from unittest.mock import patch

from freezegun import freeze_time
from PIL import Image

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_cron import IrCron

from ..models.prm_weekly_mail import PrmWeeklyMail
from .offers_common import OffersCommon

MONDAY = date(2026, 3, 16)
MORNING = datetime(2026, 3, 16, 6, 30)
LOGGER = "odoo.addons.prm_partner_portal.models.prm_weekly_mail"


@tagged("post_install", "-at_install")
@freeze_time(MORNING)
class TestWeeklyMail(OffersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.partner_id.tz = "UTC"
        cls.env["res.users"].search([("share", "=", False)]).prm_weekly_mail = False
        cls.team = cls.manager | cls.salesperson
        cls.team.prm_weekly_mail = True
        cls.manager.email = "manager@x.example"
        cls.salesperson.email = "seller@x.example"
        cls.relationship.user_id = cls.salesperson
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE prm_relationship SET create_date = '2026-01-01'")
        cls.env.cr.execute("DELETE FROM prm_relationship_health_day")
        progress = patch.object(IrCron, "_commit_progress", lambda *a, **k: 60.0)
        cls.startClassPatcher(progress)

    def _send(self):
        """:return: the mails that were made, by recipient and subject"""
        before = self.env["mail.mail"].search([])
        self.env["prm.weekly.mail"]._cron_send()
        return self.env["mail.mail"].search([]) - before

    def _sell(self, days_ago=3, amount=200.0, **values):
        order = self._create_order(self.alpha, self.products[0], **values)
        order.order_line.write({"price_unit": amount, "tax_ids": False})
        order.write({"state": "sale", "date_order": MORNING - timedelta(days=days_ago)})
        return order

    def _event(self, event_type, product, days_ago=3, **values):
        return (
            self.env["prm.recommendation.event"]
            .sudo()
            .create(
                {
                    "relationship_id": self.relationship.id,
                    "company_id": self.company_a.id,
                    "product_id": product.id,
                    "type": event_type,
                    "date": MONDAY - timedelta(days=days_ago),
                    **values,
                }
            )
        )

    def _text(self, mail):
        return " ".join(str(mail.body_html).split())

    def _mail_to(self, mails, user):
        return mails.filtered(lambda mail: user.email in mail.email_to)

    # Once, and when

    def test_days_in_pictures_are_written_as_in_the_language(self):
        written = {"en_US": "8/24", "de_DE": "24.8.", "id_ID": "24/8"}
        for lang, expected in written.items():
            self.env["res.lang"]._activate_lang(lang)
            mail = self.env["prm.weekly.mail"].with_context(lang=lang)
            self.assertEqual(mail._say_short_day(date(2026, 8, 24)), expected)

    def test_one_mail_each_however_often_the_clock_asks(self):
        self._sell()
        mails = self._send()
        self.assertEqual(len(mails), 2)
        for user in self.team:
            self.assertEqual(len(self._mail_to(mails, user)), 1)
            self.assertEqual(self._mail_to(mails, user).state, "outgoing")
        self.assertFalse(self._send())
        with freeze_time(MORNING + timedelta(days=1)):
            self.assertFalse(self._send())
        with freeze_time(MORNING + timedelta(days=7)):
            self._sell(days_ago=-4)
            self.assertEqual(len(self._send()), 2)

    def test_monday_six_in_the_company_s_zone_until_thursday(self):
        self._sell()
        due = self.env["prm.weekly.mail"]._get_companies_due
        for zone, moment, expected in (
            ("Asia/Jakarta", "2026-03-15 22:59:59", False),
            ("Asia/Jakarta", "2026-03-15 23:00:00", True),
            ("America/New_York", "2026-03-16 09:59:59", False),
            ("America/New_York", "2026-03-16 10:00:00", True),
            ("Europe/Berlin", "2026-03-30 03:59:59", False),  # the clocks were changed
            ("Europe/Berlin", "2026-03-30 04:00:00", True),
            ("UTC", "2026-03-19 05:59:59", True),
            ("UTC", "2026-03-19 06:00:00", False),
            ("UTC", "2026-03-22 12:00:00", False),
        ):
            with self.subTest(zone=zone, moment=moment), freeze_time(moment):
                self.company_a.partner_id.tz = zone
                self.assertEqual(self.company_a in due(), expected)

    def test_server_that_was_down_catches_up(self):
        self._sell()
        with freeze_time(MORNING + timedelta(days=2)):
            self.assertEqual(len(self._send()), 2)

    def test_nothing_in_the_week_of_the_installation(self):
        self._sell()
        self.env.cr.execute("UPDATE prm_relationship SET create_date = %s", [MORNING])
        self.assertFalse(self._send())

    def test_week_is_that_of_the_company_s_zone(self):
        self.company_a.partner_id.tz = "Pacific/Auckland"
        order = self._sell()
        weeks = {}
        for moment in (
            datetime(2026, 3, 15, 10, 59),  # Sunday in Auckland
            datetime(2026, 3, 15, 11, 0),  # Monday
        ):
            order.date_order = moment
            self.env.flush_all()
            report = self.env["prm.weekly.mail"].sudo()
            weeks[moment] = report._get_week_turnover(self.company_a, MONDAY)[-1][1]
        self.assertEqual(list(weeks.values()), [200.0, 0.0])

    # To whom

    def test_switched_off_by_the_company(self):
        self._sell()
        self.company_a.prm_weekly_manager = False
        mails = self._send()
        self.assertEqual(mails, self._mail_to(mails, self.salesperson))
        self.company_a.prm_weekly_manager = True
        self.company_a.prm_weekly_salesperson = False
        self.env["prm.weekly.mail"].sudo().search([]).unlink()
        mails = self._send()
        self.assertEqual(mails, self._mail_to(mails, self.manager))

    def test_switched_off_by_the_user_itself(self):
        self._sell()
        self.salesperson.with_user(self.salesperson).write({"prm_weekly_mail": False})
        mails = self._send()
        self.assertEqual(mails, self._mail_to(mails, self.manager))

    def test_no_mail_to_who_has_left_or_may_not_see_resellers(self):
        self._sell()
        self.salesperson.group_ids = self.env.ref("base.group_user")
        self.manager.action_archive()
        self.assertFalse(self._send())

    def test_no_mail_where_there_is_nothing_to_say(self):
        self.env["prm.recommendation"].search([]).unlink()
        self.assertFalse(self._send())
        rows = self.env["prm.weekly.mail"].sudo().search([])
        self.assertEqual(set(rows.mapped("sent")), {False})
        self.assertEqual(len(rows), 2)

    def test_company_without_resellers(self):
        company = self.env["res.company"].create({"name": "Empty"})
        self.assertNotIn(company, self.env["prm.weekly.mail"]._get_companies_due())

    def test_failure_of_one_does_not_stop_the_others(self):
        self._sell()
        prepare = PrmWeeklyMail._prepare_values

        def fail_for_manager(records, kind, *args):
            if kind == "manager":
                raise ValueError("broken")
            return prepare(records, kind, *args)

        with (
            patch.object(PrmWeeklyMail, "_prepare_values", fail_for_manager),
            mute_logger(LOGGER),
        ):
            mails = self._send()
        self.assertEqual(mails, self._mail_to(mails, self.salesperson))
        mails = self._send()
        self.assertEqual(mails, self._mail_to(mails, self.manager))

    def test_what_is_left_when_the_time_is_over_has_the_next_turn(self):
        self._sell()
        clock = chain([0.0, 0.0], repeat(100.0))
        with patch(
            "odoo.addons.prm_partner_portal.models.prm_weekly_mail.monotonic",
            lambda: next(clock),
        ):
            self.assertEqual(len(self._send()), 1)
        cron = self.env.ref("prm_partner_portal.ir_cron_prm_weekly")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertTrue(triggers)
        self.assertEqual(len(self._send()), 1)

    def test_in_the_language_of_the_recipient(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.manager.lang = "de_DE"
        seen = {}
        prepare = PrmWeeklyMail._prepare_values

        def note(records, kind, *args):
            seen[kind] = records.env.lang
            return prepare(records, kind, *args)

        self._sell()
        with patch.object(PrmWeeklyMail, "_prepare_values", note):
            self._send()
        self.assertEqual(seen, {"manager": "de_DE", "salesperson": "en_US"})

    # What it says

    def test_five_sentences_of_the_week(self):
        self._sell(days_ago=3, amount=200)
        self._sell(days_ago=3 + 364, amount=160)
        self._sell(days_ago=0, amount=999)  # this week's
        for back, color in ((30, "green"), (3, "red")):
            self.env["prm.relationship.health.day"].sudo().create(
                {
                    "relationship_id": self.relationship.id,
                    "company_id": self.company_a.id,
                    "date": MONDAY - timedelta(days=back),
                    "color": color,
                }
            )
        self._event("ordered", self.products[1], amount=50.0)
        self._event("ordered", self.products[1], amount=11.0, days_ago=0)
        self._event("dismissed", self.products[2], reason="price")
        undone = self._event("dismissed", self.products[3], reason="price")
        undone.with_user(self.manager).sudo()._undo()
        text = self._text(self._mail_to(self._send(), self.manager))
        self.assertEqual(text.count("<li"), 5)
        self.assertIn("Turned red: Alpha Traders. Turned green: nobody.", text)
        self.assertIn("25% more than in the same week last year", text)
        self.assertIn("in 1 order lines: 25% of the turnover", text)
        self.assertIn("Mug 0 (resellers: 1)", text)
        self.assertIn("Found too dear: 1, most often Mug 2", text)
        self.assertNotIn("999", text)

    def test_without_last_year_the_weeks_before_are_compared(self):
        self._sell(days_ago=3, amount=50)
        for weeks in range(1, 5):
            self._sell(days_ago=3 + 7 * weeks, amount=100)
        text = self._text(self._mail_to(self._send(), self.manager))
        self.assertIn("50% less than the four weeks before on average", text)

    def test_first_colour_has_not_turned(self):
        self.env["prm.relationship.health.day"].sudo().create(
            {
                "relationship_id": self.relationship.id,
                "company_id": self.company_a.id,
                "date": MONDAY - timedelta(days=3),
                "color": "red",
            }
        )
        figures = self.env["prm.weekly.mail"].sudo()
        figures = figures._get_week_figures(self.company_a, MONDAY)
        self.assertEqual(figures["turned"], {"red": [], "green": []})
        self.assertEqual(figures["colors"]["now"]["red"], 1)

    def test_pictures_stand_in_the_text(self):
        self._sell()
        mail = self._mail_to(self._send(), self.manager)
        self.assertEqual(len(mail.attachment_ids), 2)
        message = self.env["ir.mail_server"]._build_email__(
            "a@x.example",
            ["b@x.example"],
            "Week",
            str(mail.body_html),
            subtype="html",
            attachments=[(a.name, a.raw, a.mimetype) for a in mail.attachment_ids],
        )
        parts = [p for p in message.walk() if p.get_content_maintype() == "image"]
        self.assertEqual(len(parts), 2)
        for part in parts:
            self.assertEqual(part.get_content_disposition(), "inline")
            self.assertIn(f"cid:{part['Content-ID'][1:-1]}", str(mail.body_html))
            image = Image.open(io.BytesIO(part.get_payload(decode=True)))
            self.assertEqual((image.format, image.width), ("PNG", 1120))

    def test_other_attachments_stay_files(self):
        message = self.env["ir.mail_server"]._build_email__(
            "a@x.example",
            ["b@x.example"],
            "Offer",
            "x",
            attachments=[("offer.png", b"x", "image/png")],
        )
        (part,) = message.iter_attachments()
        self.assertEqual(part.get_content_disposition(), "attachment")

    def test_list_of_a_salesperson_holds_only_its_own(self):
        self.both.phone = "+62 21 555"
        self.alpha.phone = "+62 21 777"
        self._recommend(self.rel_both_a, self.products[:2])
        self.rel_both_a.user_id = self.manager
        text = self._text(self._mail_to(self._send(), self.salesperson))
        self.assertIn("Alpha Traders", text)
        self.assertIn("tel:+6221777", text)
        self.assertNotIn("Both Traders", text)
        self.assertIn("Mug 4 and 4 more are overdue or due within 7 days", text)
        self.assertIn("Mug 4 · Mug 3 · Mug 2<", text)
        self.assertIn("/odoo/my-day", text)

    def test_names_are_text_and_no_markup(self):
        self.alpha.name = "<img src=x onerror=alert(1)> Traders"
        mails = self._send()
        text = self._text(self._mail_to(mails, self.salesperson))
        self.assertIn("&lt;img src=x onerror=alert(1)&gt; Traders", text)
        self.assertNotIn("<img src=x", text)

    def test_nobody_but_managers_reads_what_was_sent(self):
        for user in (self.user_alpha, self.employee, self.salesperson):
            with self.assertRaises(AccessError):
                self.env["prm.weekly.mail"].with_user(user).search([])
