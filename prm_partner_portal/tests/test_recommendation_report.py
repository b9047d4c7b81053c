from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .offers_common import TODAY, OffersCommon

STAGES = ["shown", "offered", "added", "ordered"]
MEASURES = [f"{stage}:count_distinct" for stage in STAGES]


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestRecommendationReport(OffersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = TODAY.date()
        cls.other = cls.rel_both_a
        cls.relationship.user_id = cls.salesperson
        cls.other.user_id = cls.manager
        cls.report = cls.env["prm.recommendation.report"]

    def _event(self, event_type, index, relationship=None, days_ago=0, **values):
        relationship = relationship or self.relationship
        return (
            self.env["prm.recommendation.event"]
            .sudo()
            .create(
                {
                    "relationship_id": relationship.id,
                    "company_id": relationship.company_id.id,
                    "product_id": self.products[index].id,
                    "user_id": self.env.uid,
                    "type": event_type,
                    "date": self.today - timedelta(days=days_ago),
                    "kind": "due" if index < 5 else "new",
                    "source": "order",
                    **values,
                }
            )
        )

    def _fill(self):
        """Due: 5 shown, 2 ordered; new: 2 shown, none ordered; other: 1 of 1."""
        for index in range(7):
            for days_ago in range(3):
                self._event("shown", index, days_ago=days_ago)
        self._event("offered", 0)
        self._event("added", 0)
        for _repeated in range(2):
            self._event("ordered", 0, amount=10.0)
        self._event("ordered", 1, amount=5.0)
        self._event("shown", 0, self.other)
        self._event("ordered", 0, self.other, amount=100.0)

    def _groups(self, user, groupby, measures, domain=()):
        return self.report.with_user(user)._read_group(list(domain), groupby, measures)

    def test_counts_are_of_recommendations_not_of_days(self):
        self._fill()
        groups = self._groups(self.manager, ["relationship_id"], MEASURES)
        self.assertEqual(
            {relationship.id: counts for relationship, *counts in groups},
            {self.relationship.id: [7, 1, 1, 2], self.other.id: [1, 0, 0, 1]},
        )

    def test_share_of_a_group_is_that_of_its_sums(self):
        self._fill()
        groups = dict(self._groups(self.manager, ["kind"], ["conversion:avg"]))
        self.assertAlmostEqual(groups["due"], 3 / 6)
        self.assertEqual(groups["new"], 0)
        ((total, amount),) = self._groups(
            self.manager, [], ["conversion:avg", "amount:sum"]
        )
        self.assertAlmostEqual(total, 3 / 8)
        self.assertEqual(amount, 125.0)
        by_reseller = dict(
            self._groups(self.manager, ["relationship_id"], ["conversion:avg"])
        )
        mean = sum(by_reseller.values()) / 2
        self.assertNotAlmostEqual(total, mean)

    def test_no_share_where_nothing_was_shown(self):
        self._event("ordered", 0, amount=1.0)
        ((share,),) = self._groups(self.manager, [], ["conversion:avg"])
        self.assertFalse(share)

    def test_pivot_of_the_client_gets_the_same(self):
        self._fill()
        rows = self.report.with_user(self.manager).formatted_read_group(
            [], ["kind"], ["conversion:avg", "ordered:count_distinct"]
        )
        self.assertAlmostEqual(rows[0]["conversion:avg"], 0.5)

    def test_what_was_undone_did_not_happen(self):
        offered = self._event("offered", 0)
        dear = self._event("dismissed", 1, reason="price")
        kept = self._event("dismissed", 2, reason="price")
        for event in (offered, dear):
            event.with_user(self.manager).sudo()._undo()
        ((offers, dismissed, too_dear),) = self._groups(
            self.manager,
            [],
            [
                "offered:count_distinct",
                "dismissed:count_distinct",
                "too_dear:count_distinct",
            ],
        )
        self.assertEqual((offers, dismissed, too_dear), (0, 1, 1))
        found = self.report.with_user(self.manager).search([("too_dear", "!=", False)])
        self.assertEqual(found.ids, kept.ids)

    def test_every_dimension_groups(self):
        self._fill()
        territory = self.env["prm.territory"].create(
            {"name": "North", "company_id": self.company_a.id}
        )
        self.relationship.territory_id = territory
        self.relationship.grade_id = self.gold_a
        for name in (
            "territory_id",
            "grade_id",
            "categ_id",
            "product_id",
            "kind",
            "source",
            "stage",
            "date:week",
        ):
            with self.subTest(dimension=name):
                self.assertTrue(self._groups(self.manager, [name], MEASURES))
        shown = dict(
            self._groups(self.manager, ["territory_id"], ["shown:count_distinct"])
        )
        self.assertEqual(shown[territory], 7)

    def test_one_statement_however_many_measures(self):
        self._fill()
        report = self.report.with_user(self.manager)
        report._read_group([], ["kind"], [*MEASURES, "conversion:avg"])
        before = self.env.cr.sql_log_count
        report._read_group([], ["kind"], [*MEASURES, "conversion:avg", "amount:sum"])
        self.assertEqual(self.env.cr.sql_log_count - before, 1)

    # Who may see it

    def test_salesperson_sees_own_figures_and_manager_all(self):
        self._fill()
        own = self._groups(self.salesperson, ["relationship_id"], MEASURES)
        self.assertEqual([group[0] for group in own], [self.relationship])
        self.assertEqual(len(self._groups(self.manager, ["relationship_id"], [])), 2)
        self.relationship.user_id = self.manager
        self.assertFalse(self._groups(self.salesperson, ["relationship_id"], []))

    def test_who_sees_all_resellers_sees_own_figures_all_the_same(self):
        self._fill()
        self.salesperson.group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        own = self._groups(self.salesperson, ["relationship_id"], [])
        self.assertEqual(own, [(self.relationship,)])

    def test_neither_portal_nor_other_company_nor_employee(self):
        self._fill()
        for user in (self.user_alpha, self.employee):
            with self.assertRaises(AccessError):
                self._groups(user, ["kind"], MEASURES)
        self.assertFalse(self._groups(self.stranger, ["kind"], MEASURES))

    def test_figures_by_salesperson_only_where_the_company_says_so(self):
        self._fill()
        with self.assertRaises(AccessError):
            self._groups(self.manager, ["user_id"], MEASURES)
        with self.assertRaises(AccessError):
            self._groups(
                self.manager, [], MEASURES, [("user_id", "=", self.manager.id)]
            )
        report = self.report.with_user(self.manager)
        self.assertNotIn("user_id", report.fields_get())
        self.assertNotIn("user_id", report.get_view(view_type="search")["arch"])
        self.env["res.config.settings"].create({"group_prm_people": True}).execute()
        groups = self._groups(self.manager, ["user_id"], ["ordered:count_distinct"])
        self.assertEqual(
            {user.id: count for user, count in groups},
            {self.salesperson.id: 2, self.manager.id: 1},
        )
        with self.assertRaises(AccessError):
            self._groups(self.salesperson, ["user_id"], MEASURES)

    def test_sales_analysis_knows_territory_and_tier(self):
        territory = self.env["prm.territory"].create(
            {"name": "North", "company_id": self.company_a.id}
        )
        self.relationship.write(
            {"territory_id": territory.id, "grade_id": self.gold_a.id}
        )
        self._bought(self.products[0], days_ago=2)
        self.env.flush_all()
        groups = (
            self.env["sale.report"]
            .with_user(self.manager)
            ._read_group(
                [("prm_relationship_id", "=", self.relationship.id)],
                ["prm_territory_id", "prm_grade_id"],
                ["__count"],
            )
        )
        self.assertEqual(groups, [(territory, self.gold_a, 1)])
