from datetime import timedelta
from statistics import median

from freezegun import freeze_time

from odoo.tests import tagged

from .offers_common import TODAY
from .overview_common import OverviewCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestOverviewChanges(OverviewCommon):
    """What the page of a reseller says is no longer bought, or new."""

    def test_what_stopped_and_what_is_new(self):
        for back in range(100, 400, 20):
            self._order(self.today - timedelta(days=back), {0: 50, 1: 5})
        for back in (2, 42, 82):
            self._order(self.today - timedelta(days=back), {1: 5})
        for back in (2, 27):
            self._order(self.today - timedelta(days=back), {6: 70})
        changes = self._overview()["changes"]
        stopped, fresh = changes["stopped"], changes["fresh"]
        self.assertEqual([row["id"] for row in stopped["rows"]], [self.products[0].id])
        self.assertIn("every 20 days, last 100 days ago", stopped["rows"][0]["text"])
        self.assertEqual([row["id"] for row in fresh["rows"]], [self.products[6].id])
        self.assertIn("27 days ago", fresh["rows"][0]["text"])
        now, before = median([18, 40, 15, 25]), median([20] * 14)
        self.assertEqual((now, before), (21.5, 20))
        self.assertFalse(changes["rhythm"])

    def test_changed_rhythm_is_said(self):
        for back in [*range(100, 400, 20), 2, 42, 82]:
            self._order(self.today - timedelta(days=back), {1: 5})
        now, before = median([18, 40, 40]), median([20] * 14)
        self.assertEqual((now, before), (40, 20))
        rhythm = self._overview()["changes"]["rhythm"]
        self.assertIn("every 40 days, before it was every 20", rhythm)

    def _get_fresh(self):
        fresh = self._overview()["changes"]["fresh"]
        return fresh["total"], [row["id"] for row in fresh["rows"]]

    def test_first_bought_is_what_was_so_in_the_last_four_weeks(self):
        self._order(self.today - timedelta(days=300), {0: 50})
        for index, back in enumerate((27, 28, 90), start=1):
            self._order(self.today - timedelta(days=back), {index: 5})
        self.assertEqual(self._get_fresh(), (1, self.products[1].ids))

    def test_nothing_is_first_bought_by_who_is_known_for_less_than_half_a_year(self):
        self._order(self.today - timedelta(days=209), {0: 50})
        self._order(self.today - timedelta(days=5), {1: 5})
        self.assertEqual(self._get_fresh(), (0, []))
        self._order(self.today - timedelta(days=210), {0: 50})
        self.assertEqual(self._get_fresh(), (1, self.products[1].ids))

    def test_bought_years_ago_is_not_first_bought_now(self):
        self._order(self.today - timedelta(days=5), {0: 5, 1: 5})
        self._order(self.today - timedelta(days=1200), {0: 5})
        self._order(self.today - timedelta(days=900), {1: 5}, state="cancel")
        self.assertEqual(self._get_fresh(), (1, self.products[1].ids))

    def test_at_most_five_are_named_those_worth_most_first(self):
        self._order(self.today - timedelta(days=300), {0: 50})
        self._order(self.today - timedelta(days=5), {i: 10 * i for i in range(1, 8)})
        total, ids = self._get_fresh()
        self.assertEqual(total, 7)
        self.assertEqual(ids, self.products[7:2:-1].ids)

    def test_nothing_stopped_where_the_product_is_no_longer_sold(self):
        for back in range(100, 400, 20):
            self._order(self.today - timedelta(days=back), {0: 50})
        self.products[0].sale_ok = False
        self.assertFalse(self._overview()["changes"]["stopped"]["total"])
