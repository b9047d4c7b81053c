from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..models.const import OUTCOMES
from .day_common import NOW, DayCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestContactList(DayCommon):
    """The page of all contacts, as its menu opens it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rel_both_a.user_id = cls.colleague
        alpha = cls.rel_alpha.with_user(cls.salesperson)
        both = cls.rel_both_a.with_user(cls.colleague)
        with freeze_time(NOW - timedelta(days=3)):
            alpha.record_contact("not_reached")
        alpha.record_contact("offered", "Ten boxes")
        both.record_contact("ordered")

    def _get_filters(self):
        view = self.env.ref("prm_partner_portal.prm_contact_view_search")
        arch = view._get_combined_arch()
        return {node.get("name"): node for node in arch.iter("filter")}

    def _search(self, user, name=None):
        domain = Domain.TRUE
        if name:
            text = self._get_filters()[name].get("domain")
            domain = Domain(safe_eval(text, {"uid": user.id}))
        contacts = self.env["prm.contact"].with_user(user).search(domain)
        return sorted(contacts.mapped("outcome"))

    def test_own_resellers_for_a_salesperson_all_for_a_manager(self):
        self.assertEqual(self._search(self.salesperson), ["not_reached", "offered"])
        self.assertEqual(self._search(self.colleague), ["ordered"])
        self.assertEqual(
            self._search(self.manager), ["not_reached", "offered", "ordered"]
        )
        self.assertEqual(self._search(self.stranger), [])
        for user in (self.employee, self.user_alpha):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._search(user)

    def test_filters(self):
        """The week began on Sunday or Monday: three days ago was Friday."""
        self.rel_both_a.user_id = self.salesperson
        for name, expected in (
            ("mine", ["not_reached", "offered"]),
            ("my_resellers", ["not_reached", "offered", "ordered"]),
            ("this_week", ["offered", "ordered"]),
            ("last_90_days", ["not_reached", "offered", "ordered"]),
            ("taken_back", []),
            *((outcome, [outcome]) for outcome in ("ordered", "offered")),
        ):
            with self.subTest(name=name):
                self.assertEqual(self._search(self.salesperson, name), expected)
        filters = self._get_filters()
        for outcome, _label in OUTCOMES:
            self.assertIn(f"'{outcome}'", filters[outcome].get("domain"))

    def test_taken_back_is_kept_apart(self):
        contact = self.env["prm.contact"].search([("outcome", "=", "offered")])
        self.rel_alpha.with_user(self.salesperson).undo_contact(contact.id)
        self.assertEqual(self._search(self.salesperson), ["not_reached"])
        self.assertEqual(self._search(self.salesperson, "taken_back"), ["offered"])

    def test_counted_by_person_only_where_the_settings_say_so(self):
        contacts = self.env["prm.contact"].with_user(self.manager)
        by = contacts.fields_get(["user_id"])["user_id"]
        self.assertFalse(by["groupable"])
        arch = contacts.get_view(view_type="search")["arch"]
        self.assertNotIn("group_user", arch)
        self.assertIn("group_outcome", arch)
        self.manager.group_ids |= self.env.ref(
            "prm_partner_portal.prm_partner_portal_group_people"
        )
        by = contacts.fields_get(["user_id"])["user_id"]
        self.assertTrue(by["groupable"])
        self.assertIn("group_user", contacts.get_view(view_type="search")["arch"])

    def test_by_outcome_and_week(self):
        contacts = self.env["prm.contact"].with_user(self.manager)
        for view_type in ("pivot", "graph"):
            arch = contacts.get_view(view_type=view_type)["arch"]
            self.assertIn('name="outcome"', arch)
            self.assertIn('name="date" interval="week"', arch)
        groups = contacts._read_group([], ["date:week", "outcome"], ["__count"])
        self.assertEqual([count for _week, _outcome, count in groups], [1, 1, 1])

    def test_nothing_is_written_from_the_list(self):
        arch = self.env["prm.contact"].get_view(view_type="list")["arch"]
        for what in ("create", "edit", "delete"):
            self.assertIn(f'{what}="0"', arch)
        contact = self.env["prm.contact"].search([], limit=1)
        for user in (self.salesperson, self.manager):
            contact = contact.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    contact.note = "Changed"
                with self.assertRaises(UserError):
                    contact.unlink()

    def test_row_opens_the_reseller(self):
        contact = self.env["prm.contact"].search([("outcome", "=", "ordered")])
        action = contact.with_user(self.manager).action_open_relationship()
        self.assertEqual(action["res_id"], self.rel_both_a.id)
        with self.assertRaises(AccessError):
            contact.with_user(self.salesperson).action_open_relationship()

    # Cost

    def test_statements_do_not_depend_on_rows(self):
        contacts = self.env["prm.contact"].with_user(self.manager)
        specification = {
            **{name: {} for name in ("date", "outcome", "note", "stake", "active")},
            "relationship_id": {"fields": {"display_name": {}}},
            "user_id": {"fields": {"display_name": {}}},
            "currency_id": {"fields": {"display_name": {}}},
        }

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            page = contacts.web_search_read([], specification, limit=80)
            return self.env.cr.sql_log_count - before, page["length"]

        count()
        few, length = count()
        self.assertEqual(length, 3)
        for number in range(20):
            relationship = self._create_relationship(
                self._create_reseller(f"Reseller {number}"), self.company_a
            )
            self._record("offered", relationship, self.colleague)
        self.assertEqual(count(), (few, 23))
        self.assertLessEqual(few, 8)
