from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SALES_ALL
from .day_common import NOW, TODAY, DayCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestTeam(DayCommon):
    """What a manager sees of the days of all salespeople."""

    def _get_team(self, user=None, people=False):
        if people:
            group = self.env.ref("prm_partner_portal.prm_partner_portal_group_people")
            (user or self.manager).group_ids |= group
        relationships = self.env["prm.relationship"].with_user(user or self.manager)
        return relationships.get_team()

    def _get_row(self, user, **values):
        rows = self._get_team(**values)["rows"]
        return next((row for row in rows if row["user_id"] == user.id), None)

    def test_row_is_what_the_salespersons_day_says(self):
        self._due(self.rel_alpha, self.mugs[0])
        self._due(self.rel_both_a, self.mugs[0], price=20)
        self._record("offered", self.rel_both_a)
        row = self._get_row(self.salesperson)
        day = self._get_day()
        self.assertEqual(row["resellers"], day["counts"]["all"])
        self.assertEqual(row["listed"], day["counts"]["listed"])
        self.assertEqual(row["stake"], sum(day["sums"].values()))
        self.assertEqual((row["resellers"], row["listed"], row["stake"]), (2, 1, 50))

    def _assign(self, name):
        """:return: a new reseller of the colleague's, and its relationship"""
        reseller = self._create_reseller(name)
        user_id = self.colleague.id
        return reseller, self._create_relationship(
            reseller, self.company_a, user_id=user_id
        )

    def _fill(self, relationship, user):
        answer = relationship.with_user(user).quote_call({str(self.mugs[0].id): 10})
        return self.env["sale.order"].browse(answer["order_id"])

    def test_rows_are_the_pages_whatever_they_are_about(self):
        """Filled today and sold or not, waiting or ordered since, late beyond a usual
        pause or within it, put off."""
        for relationship in (self.rel_alpha, self.rel_both_a):
            self._due(relationship, self.mugs[0])
        self._fill(self.rel_alpha, self.salesperson)
        _reseller, sold = self._assign("Sold")
        self._due(sold, self.mugs[0])
        self._fill(sold, self.colleague).action_confirm()
        waiting, _relationship = self._assign("Waiting")
        self._quote(waiting, days_ago=4)
        bought, _relationship = self._assign("Ordered since")
        self._quote(bought, days_ago=4)
        self._create_order(bought, self.mugs[5]).action_confirm()
        for name, silent in (("Usual", 20), ("Late", 30)):
            _reseller, relationship = self._assign(name)
            self._break_rhythm(relationship, silent=silent)
            self._set_health(relationship, late_interval=25)
        _reseller, skipped = self._assign("Put off")
        self._due(skipped, self.mugs[0])
        skipped.with_user(self.colleague).skip_in_day(True)
        rows = {row["user_id"]: row for row in self._get_team()["rows"]}
        for user, resellers, listed, stake in (
            (self.salesperson, 2, 2, 50),
            (self.colleague, 6, 3, 600),
        ):
            row, day = rows[user.id], self._get_day(user)
            counts = day["counts"]
            with self.subTest(user=user.login):
                self.assertEqual(row["resellers"], counts["all"])
                self.assertEqual((row["listed"], counts["listed"]), (listed, listed))
                self.assertEqual(row["stake"], sum(day["sums"].values()))
                self.assertEqual((row["resellers"], row["stake"]), (resellers, stake))

    def test_stake_is_that_of_the_list_of_twenty(self):
        for number in range(22):
            _reseller, relationship = self._assign(f"Reseller {number}")
            self._due(relationship, self.mugs[0], price=number + 1)
        row = self._get_row(self.colleague)
        day = self._get_day(self.colleague)
        self.assertEqual(row["listed"], 22)
        self.assertEqual(row["stake"], sum(day["sums"].values()))

    def test_most_at_stake_first_and_nobodys_last(self):
        self._due(self.rel_both_a, self.mugs[0])
        self.rel_both_a.user_id = False
        self.assertEqual(
            [row["user_id"] for row in self._get_team()["rows"]],
            [self.salesperson.id, False],
        )
        self._due(self.rel_alpha, self.mugs[0], price=1)
        self.rel_both_a.user_id = self.colleague
        self.assertEqual(
            [row["user_id"] for row in self._get_team()["rows"]],
            [self.colleague.id, self.salesperson.id],
        )

    def test_turned_red_counts_the_last_seven_days(self):
        for since, count in ((6, 1), (7, 0), (None, 0)):
            day = since is not None and TODAY - timedelta(days=since)
            self._set_health(self.rel_alpha, color="red", color_since=day)
            with self.subTest(since=since):
                self.assertEqual(self._get_row(self.salesperson)["red"], count)

    def test_candidates_and_other_companies_are_left_out(self):
        self._due(self.rel_beta, self.mugs[0])
        self.rel_beta.user_id = self.colleague
        self.rel_both_a.state = "suspended"
        team = self._get_team()
        self.assertEqual([row["resellers"] for row in team["rows"]], [1])
        self.assertEqual(team["total"]["stake"], 0)

    # Figures about people

    def test_contacted_is_a_total_unless_the_company_decides_otherwise(self):
        self._record("offered")
        self._record("ordered")  # the same reseller
        self._record("not_reached", self.rel_both_a)
        team = self._get_team()
        self.assertFalse(team["by_person"])
        self.assertFalse([row for row in team["rows"] if row["contacted"]])
        self.assertEqual(team["total"]["contacted"], 1)
        row = self._get_row(self.salesperson, people=True)
        self.assertEqual(row["contacted"], 1)

    def test_contacts_of_who_has_no_reseller_any_more_are_in_the_sum(self):
        self._record("offered")
        self.rel_alpha.user_id = self.rel_both_a.user_id = self.colleague
        row = self._get_row(self.salesperson, people=True)
        self.assertEqual((row["resellers"], row["contacted"]), (0, 1))

    def test_reseller_that_two_talked_to_is_one_in_the_total(self):
        self._record("offered")
        self.rel_alpha.user_id = self.colleague
        self._record("ordered", user=self.colleague)
        team = self._get_team(people=True)
        self.assertEqual([row["contacted"] for row in team["rows"]], [1, 1])
        self.assertEqual(team["total"]["contacted"], 1)

    def test_contacts_of_a_week_ago_do_not_count(self):
        self._record("offered")
        for days, count in ((6, 1), (7, 0)):
            with freeze_time(NOW + timedelta(days=days)), self.subTest(days=days):
                self.assertEqual(self._get_team()["total"]["contacted"], count)

    def test_taken_back_does_not_count(self):
        contact = self._record("offered")["contact_id"]
        self.rel_alpha.with_user(self.salesperson).undo_contact(contact)
        self.assertEqual(self._get_team()["total"]["contacted"], 0)

    # Access

    def test_refused_to_who_is_no_manager(self):
        self.stranger.company_ids = self.company_a | self.company_b
        for user in (self.salesperson, self.stranger, self.employee, self.user_alpha):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._get_team(user)
        self.assertTrue(self.stranger.has_group(SALES_ALL))

    def test_manager_sees_the_chosen_companies_only(self):
        self.manager.company_ids |= self.company_b
        self.rel_beta.user_id = self.colleague
        relationships = self.env["prm.relationship"].with_user(self.manager)
        both = self.company_a | self.company_b
        for companies, users in (
            (self.company_a, {self.salesperson.id}),
            (both, {self.salesperson.id, self.colleague.id, False}),
        ):
            chosen = relationships.with_context(allowed_company_ids=companies.ids)
            rows = chosen.get_team()["rows"]
            self.assertEqual({row["user_id"] for row in rows}, users)

    # Cost

    def _count_statements(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertTrue(self._get_team()["rows"])
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_depend_on_salespeople(self):
        self._due(self.rel_alpha, self.mugs[0])
        self._record("offered", self.rel_both_a)
        self._count_statements()
        first = self._count_statements()
        self.assertLessEqual(first, 14)
        users = self.env["res.users"].create(
            [
                {
                    "name": f"Seller {n}",
                    "login": f"prm_team_{n}",
                    "group_ids": [fields.Command.set(self.colleague.group_ids.ids)],
                }
                for n in range(12)
            ]
        )
        for number, user in enumerate(users):
            reseller = self._create_reseller(f"Reseller {number}")
            relationship = self._create_relationship(
                reseller, self.company_a, user_id=user.id
            )
            self._due(relationship, self.mugs[0])
            self._record("offered", relationship, user)
        self._count_statements()
        self.assertEqual(self._count_statements(), first)
