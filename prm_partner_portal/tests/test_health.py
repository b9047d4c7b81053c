from dateutil.relativedelta import relativedelta
from lxml import etree

from odoo import fields
from odoo.tests import freeze_time
from odoo.tools.safe_eval import safe_eval

from .nightly_common import NOW, NightlyCommon


@freeze_time(NOW)
class TestHealth(NightlyCommon):
    def _refresh(self, company=None):
        company = company or self.company_a
        self.env["prm.dataset"]._prepare_tables(company)
        self.env["prm.health.nightly"]._refresh(company)

    def _sell_on_days(self, *days, product=None, quantity=1, partner=None):
        for day in days:
            self._sell(
                partner or self.alpha, (product or self.apple, quantity), days_ago=day
            )

    def _get_health(self, *days, **values):
        self._sell_on_days(*days, **values)
        self._refresh()
        return self.rel_alpha.health_id

    def test_grey_when_fewer_than_three_orders(self):
        health = self._get_health(5, 20)
        self.assertEqual(health.color, "grey")
        self.assertEqual(health.order_count, 2)
        self.assertEqual(health.days_since, 5)
        self.assertEqual(health.rhythm_color, "grey")
        self.assertFalse(health.color_since)

    def test_orders_of_one_day_are_one(self):
        self.assertEqual(self._get_health(5, 5, 20, 20).order_count, 2)

    def test_rhythm_is_days_since_by_median_interval(self):
        # Intervals 10, 10, 40: the median is 10.
        for since, color in ((15, "green"), (25, "amber"), (26, "red")):
            with self.subTest(since=since):
                self.env["sale.order"].search(
                    [("prm_relationship_id", "=", self.rel_alpha.id)]
                )._action_cancel()
                health = self._get_health(since, since + 10, since + 20, since + 60)
                self.assertEqual(health.median_interval, 10)
                self.assertAlmostEqual(health.rhythm, since / 10)
                self.assertEqual(health.rhythm_color, color)
                self.assertEqual(health.order_count, 4)

    def test_longest_usual_pause_needs_ten_pauses(self):
        days = [5 * n for n in range(1, 11)]
        self.assertFalse(self._get_health(*days).late_interval, "nine of 5 days")
        health = self._get_health(80)
        self.assertEqual((health.median_interval, health.late_interval), (5, 5))
        health = self._get_health(110, 140)
        self.assertEqual(
            (health.median_interval, health.late_interval), (5, 30), "9 of 12 are 5"
        )

    def test_rhythm_looks_back_24_months(self):
        health = self._get_health(10, 20, 30, 760)
        self.assertEqual(health.order_count, 3)
        self.assertEqual(health.median_interval, 10)

    def test_trend_against_last_year_when_history_is_long(self):
        last_year = fields.Datetime.now() - relativedelta(years=1)
        self._sell(self.alpha, (self.apple, 100), date_order=last_year)
        self._sell(
            self.alpha,
            (self.apple, 100),
            date_order=last_year - relativedelta(days=1),
        )
        self._sell(
            self.alpha,
            (self.apple, 500),
            date_order=last_year - relativedelta(days=91),
        )
        health = self._get_health(1, quantity=85)
        self.assertEqual(health.trend_base, "year")
        self.assertEqual(health.turnover, 850)
        self.assertEqual(health.turnover_before, 1000)
        self.assertAlmostEqual(health.trend, -0.15)
        self.assertEqual(health.trend_color, "green")
        self.assertEqual(health.turnover_year, 1850)

    def test_trend_against_the_quarter_before_when_history_is_short(self):
        self._sell_on_days(91, 180, quantity=50)
        self._sell_on_days(181, 455, quantity=900)
        health = self._get_health(90, quantity=65)
        self.assertEqual(health.trend_base, "quarter")
        self.assertEqual(health.turnover_before, 1000)
        self.assertAlmostEqual(health.trend, -0.35)
        self.assertEqual(health.trend_color, "amber")
        self.company_a.prm_trend_amber = -0.3
        self._refresh()
        self.assertEqual(health.trend_color, "red")
        self.assertEqual(health.color, "red")
        self.assertEqual(health.color_text, health.trend_text)

    def test_trend_is_grey_when_there_is_nothing_to_compare_with(self):
        health = self._get_health(1, 11, 21)
        self.assertEqual(health.trend_color, "grey")
        self.assertEqual(health.color, "green")

    def test_range_counts_usual_products_overdue(self):
        # Apples every 10 days; pears every 10 days until 31 days ago; plums twice.
        self._sell_on_days(1, 11, 21, 31, 41)
        self._sell_on_days(31, 41, 51, product=self.pear)
        health = self._get_health(100, 110, product=self.plum)
        self.assertEqual((health.usual_count, health.overdue_count), (2, 1))
        self.assertEqual(health.range_share, 0.5)
        self.assertEqual(health.range_color, "red")
        self.assertEqual(health.color, "red")
        # Overdue by exactly twice the interval is not yet more than that.
        self._sell_on_days(30, product=self.pear)
        self._refresh()
        self.assertEqual(health.overdue_count, 0)
        self.assertEqual(health.range_color, "green")

    def test_range_forgets_what_cannot_be_bought(self):
        self._sell_on_days(1, 11, 21)
        self._sell_on_days(301, 311, 321, product=self.pear)
        self.pear.action_archive()
        self._refresh()
        self.assertEqual(self.rel_alpha.health_id.usual_count, 1)

    def test_a_day_is_kept_when_the_color_changes(self):
        health = self._get_health(1, 11, 21)
        self._refresh()
        self.assertFalse(health.color_since, "nobody knows since when")
        with freeze_time("2026-03-25 12:00:00"):
            self._refresh()
        with freeze_time("2026-04-05 12:00:00"):
            self._refresh()
            self._refresh()
        days = self.env["prm.relationship.health.day"].search(
            [("relationship_id", "=", self.rel_alpha.id)], order="date"
        )
        self.assertEqual(
            [(str(day.date), day.color) for day in days],
            [("2026-03-18", "green"), ("2026-04-05", "amber")],
        )
        self.assertEqual(str(health.color_since), "2026-04-05")
        self.assertEqual(health.color, "amber")

    def test_a_days_row_is_taken_back_when_the_day_ends_as_it_began(self):
        health = self._get_health(1, 11, 21)
        with freeze_time("2026-04-17 12:00:00"):
            self._refresh()
            self.assertEqual(health.color, "red")
            self._sell_on_days(1)
            self._refresh()
            self.assertEqual(health.color, "green")
        self.assertFalse(health.color_since)

    def _get_turned_red(self):
        action = self.env.ref("prm_partner_portal.prm_relationship_view_search")
        node = etree.fromstring(action.arch).find(".//filter[@name='turned_red']")
        return self.env["prm.relationship"].search(
            safe_eval(node.get("domain"), {"uid": self.env.uid})
        )

    def test_red_on_the_first_day_has_not_turned_red(self):
        health = self._get_health(100, 110, 120)
        self.assertEqual(health.color, "red")
        self.assertNotIn(self.rel_alpha, self._get_turned_red())
        with freeze_time("2026-03-19 12:00:00"):
            self._refresh()
            self.assertNotIn(self.rel_alpha, self._get_turned_red())

    def test_red_after_another_colour_has_turned_red_for_a_week(self):
        self._get_health(100, 110)
        with freeze_time("2026-04-05 12:00:00"):
            self._sell_on_days(100)
            self._refresh()
            self.assertEqual(self.rel_alpha.health_color, "red")
            self.assertIn(self.rel_alpha, self._get_turned_red())
        with freeze_time("2026-04-12 12:00:00"):
            self._refresh()
            self.assertNotIn(self.rel_alpha, self._get_turned_red())

    def test_sentences_in_the_singular(self):
        health = self._get_health(1, 2, 3, 4)
        self.assertEqual(
            health.rhythm_text,
            "Usually orders every day; the last order was yesterday.",
        )
        health = self._get_health(0)
        self.assertEqual(
            health.rhythm_text, "Usually orders every day; the last order was today."
        )
        self.assertEqual(health.range_text, "No usual product is long overdue.")
        self._sell_on_days(31, 41, 51, product=self.pear)
        self._refresh()
        self.assertEqual(health.range_text, "1 of 2 usual products is long overdue.")

    def test_grey_again_when_the_history_vanished(self):
        health = self._get_health(1, 11, 21)
        self.assertEqual(health.color, "green")
        orders = self.env["sale.order"].search(
            [("prm_relationship_id", "=", self.rel_alpha.id)]
        )
        orders._action_cancel()
        with freeze_time("2026-03-19 12:00:00"):
            self._refresh()
        self.assertEqual(health.color, "grey")
        self.assertEqual(health.order_count, 0)
        self.assertFalse(health.last_order_date)
        self.assertEqual(health.turnover, 0)
        self.assertEqual(str(health.color_since), "2026-03-19")

    def test_only_changed_rows_are_written(self):
        self._get_health(1, 11, 21)
        self.env.cr.execute("SELECT id, xmin, ctid FROM prm_relationship_health")
        before = self.env.cr.fetchall()
        self._refresh()
        self.env.cr.execute("SELECT id, xmin, ctid FROM prm_relationship_health")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_a_row_is_made_when_there_is_none(self):
        self.rel_alpha.health_id.unlink()
        health = self._get_health(1, 11, 21)
        self.assertEqual(health.color, "green")
        self.assertEqual(self.rel_alpha.health_color, "green")

    def test_other_companies_stay(self):
        self._sell(self.beta, (self.apple, 1), company=self.company_b)
        self._refresh()
        self.assertEqual(self.rel_beta.health_id.order_count, 0)
        self._refresh(self.company_b)
        self.assertEqual(self.rel_beta.health_id.order_count, 1)
