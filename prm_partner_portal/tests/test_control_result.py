from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time

from .nightly_common import NOW, NightlyCommon

DAY = timedelta(days=1)


@freeze_time(NOW)
class TestControlResult(NightlyCommon):
    """Periods that are long over: their pairs go, what came of them stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controls = cls.env["prm.recommendation.control"]
        cls.results = cls.env["prm.recommendation.control.result"]
        cls.today = fields.Date.today()
        cls.products = cls._create_products(*(f"Item {n}" for n in range(40)))

    def _draw(self, products, arm, start, relationship=None, probability=0.3):
        """Drawn on the second day of a period."""
        relationship = relationship or self.rel_alpha
        return self.controls.create(
            [
                {
                    "relationship_id": relationship.id,
                    "company_id": relationship.company_id.id,
                    "product_id": product.id,
                    "period_start": start,
                    "date": start + DAY,
                    "kind": "new",
                    "probability": probability,
                    "arm": arm,
                }
                for product in products
            ]
        )

    def _vacuum(self):
        """As Odoo's daily housekeeping does."""
        self.controls.with_user(self.env.ref("base.user_root"))._gc_counted()

    def _get_answer(self, company=None):
        reports = self.env["prm.recommendation.control.report"]
        reports = reports.with_user(self.manager).with_company(
            company or self.company_a
        )
        report = reports.browse(reports.action_open()["res_id"])
        return report.verdict, report.plan, report.table_html

    def _fill(self):
        """Two periods that are long over and one that is not."""
        old = [self.today - 168 * DAY, self.today - 224 * DAY]
        recent = self.today - 167 * DAY
        for start in (*old, recent):
            self._draw(self.products[:30], "shown", start)
            self._draw(self.products[30:36], "withheld", start)
            self._draw(self.products[36:38], "shown", start, probability=0.03)
            days = (self.today - start).days
            self._sell(
                self.alpha, *((p, 1) for p in self.products[5:37:2]), days_ago=days - 3
            )
        return old, recent

    def test_answer_is_the_same_and_the_pairs_are_gone(self):
        _old, recent = self._fill()
        before = self._get_answer(), self.controls._count_outcomes(self.company_a)
        first = self.controls._get_first_day(self.company_a)
        self.assertIn("Of 100 withheld products", before[0][0])
        self.assertEqual(self.controls.search_count([]), 3 * 38)
        self._vacuum()
        self.assertEqual(set(self.controls.search([]).mapped("period_start")), {recent})
        after = self._get_answer(), self.controls._count_outcomes(self.company_a)
        self.assertEqual(after, before)
        self.assertEqual(self.controls._get_first_day(self.company_a), first)
        self.assertEqual(sum(self.results.search([]).mapped("pairs")), 2 * 38)
        self._vacuum()
        self.assertEqual(self._get_answer(), before[0])
        self.assertEqual(sum(self.results.search([]).mapped("pairs")), 2 * 38)

    def test_six_rows_stand_for_a_period(self):
        """Arms times classes of probability, however many pairs were drawn."""
        start = self.today - 300 * DAY
        for relationship in (self.rel_alpha, self.rel_both_a):
            self._draw(self.products, "shown", start, relationship)
        self._vacuum()
        (result,) = self.results.search([])
        self.assertEqual((result.pairs, result.bought), (80, 0))
        self.assertEqual((result.period_start, result.date), (start, start + DAY))

    def test_orders_of_later_do_not_change_what_is_settled(self):
        start = self.today - 168 * DAY
        self._draw(self.products[:2], "shown", start)
        self._sell(self.alpha, (self.products[0], 1), days_ago=160)
        self._vacuum()
        self._sell(self.alpha, (self.products[1], 1), days_ago=160)
        counted = self.controls._count_outcomes(self.company_a)
        self.assertEqual(counted, [(4, "shown", 2, 1)])

    def test_each_company_by_itself(self):
        start = self.today - 168 * DAY
        self._draw(self.products[:2], "shown", start)
        self._draw(self.products[:3], "withheld", start, self.rel_beta)
        self._vacuum()
        self.assertFalse(self.controls.search([]))
        self.assertEqual(
            self.controls._count_outcomes(self.company_a), [(4, "shown", 2, 0)]
        )
        self.assertEqual(
            self.controls._count_outcomes(self.company_b), [(4, "withheld", 3, 0)]
        )

    def test_today_is_the_company_s(self):
        """In Auckland it is tomorrow already: the period is over there only."""
        self.company_b.partner_id.tz = "Pacific/Auckland"
        start = self.today - 167 * DAY
        self._draw(self.products[:1], "shown", start)
        theirs = self._draw(self.products[:1], "shown", start, self.rel_beta)
        self._vacuum()
        self.assertFalse(theirs.exists())
        self.assertEqual(self.controls.search([]).company_id, self.company_a)

    def test_whether_it_goes_on_is_told_by_the_pairs_that_are_kept(self):
        for start in (self.today - 168 * DAY, self.today - 112 * DAY):
            self._draw(self.products[:1], "shown", start)
        running = self.controls._is_running(self.company_a)
        self.assertTrue(running)
        self._vacuum()
        self.assertEqual(self.controls._is_running(self.company_a), running)

    def test_statements_do_not_depend_on_pairs(self):
        self._draw(self.products[:1], "shown", self.today - 168 * DAY)
        self._vacuum()  # the company's time zone is read
        self._draw(self.products[:1], "shown", self.today - 168 * DAY)
        with self.assertQueryCount(3):
            self._vacuum()
        for start in range(168, 800, 56):
            self._draw(self.products, "shown", self.today - start * DAY)
        with self.assertQueryCount(3):
            self._vacuum()
        self.assertFalse(self.controls.search([]))

    def test_managers_read_and_nobody_writes(self):
        self._draw(self.products[:1], "shown", date(2025, 1, 1))
        self._vacuum()
        (result,) = self.results.search([])
        self.assertEqual(result.with_user(self.manager).pairs, 1)
        for user in (self.salesperson, self.employee, self.user_alpha):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                result.with_user(user).read(["pairs"])
        with self.assertRaises(AccessError):
            result.with_user(self.manager).pairs = 2
        with self.assertRaises(AccessError):
            result.with_user(self.manager).unlink()
