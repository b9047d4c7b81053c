from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import (
    AccessError,
    ConcurrencyError,
    UserError,
    ValidationError,
)
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .day_common import NOW, TODAY, DayCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestContact(DayCommon):
    """What came of it, when the reseller is back, and who goes on with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._due(cls.rel_alpha, cls.mugs[0])

    def _get_contacts(self):
        return self.env["prm.contact"].search([])

    def _is_listed(self, **later):
        with freeze_time(NOW + timedelta(**later)):
            return "Alpha Traders" in self._get_names()

    # How long the reseller rests

    def test_rests_as_long_as_the_outcome_says(self):
        for outcome, days in (
            ("ordered", 7),
            ("offered", 7),
            ("not_reached", 1),
            ("not_now", 14),
        ):
            with self.subTest(outcome=outcome):
                answer = self._record(outcome)
                self.assertFalse(self._is_listed())
                self.assertFalse(self._is_listed(days=days - 1))
                self.assertTrue(self._is_listed(days=days))
                until = fields.Date.to_string(TODAY + timedelta(days=days))
                self.assertEqual(answer["until"], until)

    def test_last_contact_is_on_the_card(self):
        self._record("offered", note="Wants blue ones")
        with freeze_time(NOW + timedelta(days=7)):
            card = self._get_card(self.rel_alpha)
        self.assertEqual(
            card["last_contact"],
            {"day": "2026-03-16", "outcome": "Offered", "by": self.salesperson.name},
        )

    def test_note_goes_into_the_chatter(self):
        self._record("offered", note="Wants <b>blue</b> ones")
        message = self.rel_alpha.message_ids[0]
        self.assertEqual(message.author_id, self.salesperson.partner_id)
        self.assertIn("Offered: Wants &lt;b&gt;blue&lt;/b&gt; ones", message.body)
        self.assertTrue(message.is_internal or message.subtype_id.internal)
        contact = self._get_contacts()
        self.assertEqual(contact.user_id, self.salesperson)
        self.assertEqual(contact.stake, 50)

    # News

    def test_back_when_it_turned_red(self):
        self._record("not_now")
        self._set_health(self.rel_alpha, color="red", color_since=TODAY)
        self.assertFalse(self._is_listed(days=2), "it was red when they talked")
        self.rel_alpha.health_id.color_since = TODAY + timedelta(days=1)
        self.assertTrue(self._is_listed(days=2))
        with freeze_time(NOW + timedelta(days=2)):
            why = self._get_card(self.rel_alpha)["why"]
        self.assertEqual(why, "Turned red on 03/17/2026, after the last contact.")

    def test_back_when_twice_as_much_is_at_stake(self):
        self._record("not_now")
        more = self._due(self.rel_alpha, self.mugs[1], price=9.9)
        self.assertFalse(self._is_listed())
        more.price = 10
        self.assertTrue(self._is_listed())
        why = self._get_card(self.rel_alpha)["why"]
        self.assertRegex(why, r"rose from \S*\s?50.* to \S*\s?100")

    def test_back_when_the_reseller_wrote(self):
        order = self._quote(self.alpha, days_ago=0)
        with freeze_time(NOW - timedelta(hours=1)):
            self._write(order, self.user_alpha)
        self._record("not_now")
        self.assertFalse(self._is_listed(hours=2), "that was before")
        with freeze_time(NOW + timedelta(hours=1)):
            self._write(order, self.salesperson)
            self._write(self._create_order(self.both, self.mugs[0]), self.user_both)
        self.assertFalse(self._is_listed(hours=2), "somebody else wrote")
        with freeze_time(NOW + timedelta(hours=1)):
            self._write(order, self.user_alpha)
        self.assertTrue(self._is_listed(hours=2))
        with freeze_time(NOW + timedelta(hours=2)):
            why = self._get_card(self.rel_alpha)["why"]
        self.assertIn("Has written or answered on 03/16/2026", why)

    def _write(self, record, user):
        record.message_post(
            body="Hello",
            author_id=user.partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    # Calling back

    def test_call_back_makes_an_activity_of_the_salesperson(self):
        answer = self._record("call_back", day="2026-03-19", note="After <lunch>")
        activity = self.rel_alpha.activity_ids
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertEqual(activity.date_deadline, TODAY + timedelta(days=3))
        self.assertEqual(
            activity.activity_type_id, self.env.ref("mail.mail_activity_data_call")
        )
        self.assertIn("After &lt;lunch&gt;", activity.note)
        self.assertFalse(answer["moved"])
        self.assertFalse(self._is_listed(days=2))
        with freeze_time(NOW + timedelta(days=3)):
            self._due(self.rel_both_a, self.mugs[0], price=1000)
            self.assertEqual(self._get_names(), ["Alpha Traders", "Both Traders"])
            card = self._get_card(self.rel_alpha)
            self.assertTrue(card["promised"])
            self.assertEqual(
                card["why"], "A call was promised for today: After <lunch>"
            )
            self.assertFalse(card["questions"], "it is told once")
        with freeze_time(NOW + timedelta(days=4)):
            why = self._get_card(self.rel_alpha)["why"]
            self.assertEqual(why, "A call was promised for 03/19/2026: After <lunch>")

    def test_call_back_on_a_holiday_is_the_next_working_day(self):
        self._add_holiday("Nyepi", "2026-03-19", "2026-03-20")  # until Friday
        answer = self._record("call_back", day="2026-03-19")
        self.assertTrue(answer["moved"])
        self.assertEqual(answer["until"], "2026-03-23")
        deadline = self.rel_alpha.activity_ids.date_deadline
        self.assertEqual(fields.Date.to_string(deadline), "2026-03-23")

    def test_call_back_follows_its_activity(self):
        self._record("call_back", day="2026-03-17")
        self.rel_alpha.activity_ids.date_deadline = TODAY + timedelta(days=5)
        self.assertFalse(self._is_listed(days=4))
        self.assertTrue(self._is_listed(days=5))
        self.rel_alpha.activity_ids.action_feedback()
        with freeze_time(NOW + timedelta(days=5)):
            self.assertFalse(self._get_card(self.rel_alpha)["promised"])

    def test_next_contact_closes_the_planned_call(self):
        self._record("call_back", day="2026-03-17")
        activity = self.rel_alpha.activity_ids
        with freeze_time(NOW + timedelta(days=1)):
            contact = self._record("ordered", note="Ten boxes")
            self.assertFalse(activity.active)
            self.assertEqual(activity.feedback, "Ordered: Ten boxes")
            self.rel_alpha.with_user(self.salesperson).undo_contact(
                contact["contact_id"]
            )
            self.assertTrue(activity.active)
            self.assertTrue(self._get_card(self.rel_alpha)["promised"])

    # Bad input

    def test_refused_with_what_is_allowed(self):
        for values, expected in (
            ({"outcome": "sold"}, "ordered, offered, not_reached, call_back, not_now"),
            ({"outcome": "call_back"}, "03/16/2026"),
            ({"outcome": "call_back", "day": "2026-03-15"}, "found “2026-03-15”"),
            ({"outcome": "call_back", "day": "2027-03-17"}, "03/16/2027"),
            ({"outcome": "call_back", "day": "soon"}, "found “soon”"),
            ({"outcome": "call_back", "day": {}}, "Call back on which day"),
        ):
            with (
                self.subTest(**values),
                self.assertRaisesRegex(ValidationError, expected),
            ):
                self._record(**values)
        self.assertFalse(self._get_contacts())
        self.assertFalse(self.rel_alpha.activity_ids)

    def test_long_note_is_cut(self):
        self._record("offered", note="x" * 900)
        self.assertEqual(len(self._get_contacts().note), 500)

    # Twice

    def test_recorded_once_whatever_is_clicked(self):
        before = len(self.rel_alpha.message_ids)
        first = self._record("call_back", day="2026-03-17", token="a")
        second = self._record("call_back", day="2026-03-17", token="a")
        self.assertEqual(first, second)
        self.assertEqual(len(self._get_contacts()), 1)
        self.assertEqual(len(self.rel_alpha.activity_ids), 1)
        self.rel_alpha.invalidate_recordset(["message_ids"])
        written = self.rel_alpha.message_ids[: len(self.rel_alpha.message_ids) - before]
        self.assertEqual(len(written.filtered(lambda m: "Call back" in m.body)), 1)

    def test_tried_again_when_another_request_was_first(self):
        """What a transaction cannot see yet, the index refuses."""
        self._record("offered", token="a")
        none = self.env["prm.contact"].sudo()
        with (
            patch.object(
                self.registry["prm.relationship"], "_get_contact", lambda *_a: none
            ),
            mute_logger("odoo.sql_db"),
            self.assertRaises(ConcurrencyError),
            self.env.cr.savepoint(),
        ):
            self._record("offered", token="a")

    def test_two_salespeople_on_one_reseller(self):
        """Both have talked to it: both are told, and it rests for both."""
        self._record("offered")
        answer = self._record("not_reached", user=self.manager)
        self.assertEqual(answer["others"], [self.salesperson.name])
        self.assertEqual(len(self._get_contacts()), 2)
        relationships = self.env["prm.relationship"].with_user(self.manager)
        self.assertFalse(relationships.get_day(self.salesperson.id)["cards"])

    # Taken back

    def test_undone(self):
        answer = self._record("call_back", day="2026-03-18")
        alpha = self.rel_alpha.with_user(self.salesperson)
        alpha.undo_contact(answer["contact_id"])
        alpha.undo_contact(answer["contact_id"])
        self.assertTrue(self._is_listed())
        self.assertFalse(self._get_contacts())
        self.assertFalse(self.rel_alpha.activity_ids)
        bodies = self.rel_alpha.message_ids.mapped("body")
        taken = [body for body in bodies if "Taken back: Call back on" in body]
        self.assertEqual(len(taken), 1)

    def test_only_ones_own_of_today_is_taken_back(self):
        contact = self._record("offered")["contact_id"]
        with self.assertRaises(UserError):
            self.rel_alpha.with_user(self.manager).undo_contact(contact)
        with self.assertRaises(UserError):
            self.rel_both_a.with_user(self.salesperson).undo_contact(contact)
        alpha = self.rel_alpha.with_user(self.salesperson)
        with self.assertRaises(UserError), freeze_time(NOW + timedelta(days=1)):
            alpha.undo_contact(contact)
        with self.assertRaises(ValidationError):
            alpha.undo_contact("1 or 1=1")
        self.assertTrue(self._get_contacts().active)

    def test_nobody_rewrites_what_happened(self):
        self._record("offered")
        contact = self._get_contacts()
        with self.assertRaises(UserError):
            contact.note = "Never said"
        with self.assertRaises(UserError):
            contact.unlink()
        for user in (self.salesperson, self.manager):
            with self.assertRaises(AccessError):
                contact.with_user(user).active = False

    # Whose reseller

    def test_reseller_was_given_to_a_colleague_meanwhile(self):
        self._record("offered", self.rel_both_a)
        contact = self._get_contacts()
        (self.rel_alpha | self.rel_both_a).user_id = self.colleague
        with self.assertRaisesRegex(AccessError, "no longer, yours"):
            self._record("ordered")
        with self.assertRaises(AccessError):
            self.rel_both_a.with_user(self.salesperson).undo_contact(contact.id)
        self.assertEqual(self._get_contacts(), contact)
        self._record("ordered", user=self.colleague)

    def test_contacts_of_others_resellers_are_not_read(self):
        self._record("offered")
        model = self.env["prm.contact"]
        self.assertTrue(model.with_user(self.manager).search([]))
        self.assertFalse(model.with_user(self.colleague).search([]))
        self.assertFalse(model.with_user(self.stranger).search([]))
        with self.assertRaises(AccessError):
            model.with_user(self.user_alpha).search([])

    def test_activities_move_with_the_reseller(self):
        self._record("call_back", day="2026-03-17")
        call = self.rel_alpha.activity_ids
        others = self.rel_alpha.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.manager.id
        )
        done = self.rel_alpha.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.salesperson.id
        )
        done.action_feedback()
        self.rel_alpha.with_user(self.manager).user_id = self.colleague
        self.assertEqual(call.user_id, self.colleague)
        self.assertEqual(others.user_id, self.manager)
        self.assertEqual(done.user_id, self.salesperson)
        with freeze_time(NOW + timedelta(days=1)):
            cards = self._get_day(self.colleague)["cards"]
        self.assertTrue(cards[0]["promised"])
        self.rel_alpha.user_id = False
        self.assertEqual(call.user_id, self.colleague, "somebody has to call")

    def test_activities_of_many_move_in_one_go(self):
        relationships = self.rel_alpha | self.rel_both_a
        relationships |= self._create_relationship(
            self._create_reseller("Third"), self.company_a, user_id=self.salesperson.id
        )
        relationships.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.salesperson.id
        )
        sent = self.env["mail.mail"].search_count([])
        relationships.with_context(prm_automatic=True).user_id = self.colleague
        self.assertEqual(relationships.activity_ids.user_id, self.colleague)
        about = self.env["mail.mail"].search([])[: -sent or None]
        self.assertFalse(about.filtered(lambda m: "assigned you" in (m.body or "")))

    def test_merged_resellers_keep_their_contacts(self):
        self._record("offered")
        contact = self._get_contacts()
        self.rel_alpha.sudo()._merge_into(self.rel_both_a)
        self.assertEqual(contact.relationship_id, self.rel_both_a)
