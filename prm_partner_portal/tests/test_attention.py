from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time

from .nightly_common import NOW, NightlyCommon


@freeze_time(NOW)
class TestAttention(NightlyCommon):
    """What was shown in vain, or declined, leaves the next lists for a while."""

    def _act(self, event_type, *days_ago, product=None, relationship=None, user=None):
        relationship = relationship or self.rel_alpha
        self.env["prm.recommendation.event"].create(
            [
                {
                    "relationship_id": relationship.id,
                    "company_id": relationship.company_id.id,
                    "product_id": (product or self.apple).id,
                    "user_id": (user or self.env.user).id,
                    "type": event_type,
                    "date": fields.Date.today() - timedelta(days=days),
                    "kind": "new",
                }
                for days in days_ago
            ]
        )

    def _get_excluded(self, company=None):
        return {
            (int(row["reseller"]), int(row["product"]))
            for row in self._extract(company)["exclude"]
        }

    def test_new_product_rests_when_shown_on_six_days(self):
        self._act("shown", 9, 8, 7, 6, 5)
        self._act("shown", 5, 6, user=self.manager)  # no further days
        self.assertFalse(self._get_excluded())
        self._act("shown", 4)
        pair = (self.rel_alpha.id, self.apple.id)
        self.assertEqual(self._get_excluded(), {pair})
        self.assertFalse(self._get_excluded(self.company_b))
        with freeze_time("2026-04-10 12:00:00"):
            self.assertEqual(self._get_excluded(), {pair})
        with freeze_time("2026-04-11 12:00:00"):  # 28 days after the last showing
            self.assertFalse(self._get_excluded())

    def test_counted_anew_after_a_rest_and_after_an_action(self):
        self._act("shown", 50, 49, 48, 47, 46, 45)  # rested until 17 days ago
        self._act("shown", 10, 9, 8, 7, 6)
        self.assertFalse(self._get_excluded())
        self._act("shown", 5)
        self.assertTrue(self._get_excluded())
        self._act("offered", 5)
        self.assertFalse(self._get_excluded())

    def test_not_in_vain_when_the_days_are_far_apart(self):
        self._act("shown", 100, 80, 60, 40, 20, 2)
        self.assertFalse(self._get_excluded())

    def test_stays_listed_when_bought_before(self):
        self._sell(self.alpha, (self.apple, 1), days_ago=90)
        self._act("shown", 9, 8, 7, 6, 5, 4)
        self._act("declined", 1)
        self.assertFalse(self._get_excluded())

    def test_new_product_rests_when_declined(self):
        self._act("declined", 3, product=self.pear)
        self._act("declined", 29, product=self.plum)
        self.assertEqual(self._get_excluded(), {(self.rel_alpha.id, self.pear.id)})
        self._act("added", 2, product=self.pear)
        self.assertFalse(self._get_excluded())
