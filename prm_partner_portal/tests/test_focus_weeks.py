from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .offers_common import TODAY, OffersCommon

DAY = TODAY.date()


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFocusWeeks(OffersCommon):
    """What the buttons of a focus open is what the focus counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.partner_id.tz = "Asia/Jakarta"
        cls.cup, cls.bowl = cls.products[:2]
        cls.focus = cls._focus(cls.cup, date_to=DAY)
        cls.rel_both_a.grade_id = False

    def _event(self, event_type, product=None, relationship=None, days_ago=0):
        relationship = relationship or self.relationship
        events = self.env["prm.recommendation.event"].sudo()
        return events.create(
            {
                "relationship_id": relationship.id,
                "company_id": relationship.company_id.id,
                "product_id": (product or self.cup).id,
                "type": event_type,
                "date": DAY - timedelta(days=days_ago),
            }
        )

    def _order(self, moment, quantity=1.0, product=None, partner=None, **values):
        order = self._create_order(
            partner or self.alpha, product or self.cup, quantity, **values
        )
        order.action_confirm()
        order.date_order = moment
        return order

    def _read(self, name, groupby, measure, user=None):
        """:return: the groups that the button's page shows"""
        action = getattr(self.focus.with_user(user or self.manager), name)()
        self.env.flush_all()
        rows = self.env[action["res_model"]].with_user(user or self.manager)
        return dict(rows._read_group(action["domain"], [groupby], [measure])), action

    def _get_stages(self, user=None):
        stages, _action = self._read(
            "action_view_weeks", "stage", "recommended:count_distinct", user
        )
        return stages

    def test_stages_are_those_of_its_products_period_and_audience(self):
        self._event("shown")
        self._event("shown", relationship=self.rel_both_a)
        self._event("added", days_ago=7)
        for values in (
            {"product": self.bowl},
            {"days_ago": 8},
            {"relationship": self.rel_beta},
        ):
            self._event("shown", **values)
        self.assertEqual(self._get_stages(), {"shown": 2, "added": 1})
        self.assertEqual(self.focus.reseller_count, 2)
        self.relationship.grade_id = self.gold_a
        self.focus.grade_ids = self.gold_a
        self.assertEqual(self._get_stages(), {"shown": 1, "added": 1})
        weeks, action = self._read(
            "action_view_weeks", "date:week", "recommended:count_distinct"
        )
        self.assertEqual(sorted(weeks.values()), [1, 1])
        self.assertIn(self.focus.name, action["display_name"])

    def test_ordered_is_what_the_focus_counts(self):
        """Its days are those of Jakarta, seven hours ahead."""
        begin = datetime.combine(self.focus.date_from, datetime.min.time())
        begin -= timedelta(hours=7)
        end = datetime.combine(DAY, datetime.min.time()) + timedelta(hours=17)
        second = timedelta(seconds=1)
        self._order(begin, 5)
        self._order(end - second, 2)
        self._order(begin - second, 100)
        self._order(end, 100)
        self._order(TODAY, 100, product=self.bowl)
        self._order(TODAY, 100, partner=self._create_reseller("No Reseller"))
        self._create_order(self.alpha, self.cup, 100)
        weeks, action = self._read(
            "action_view_ordered", "date:week", "product_uom_qty:sum"
        )
        self.assertEqual(self.focus.ordered, 7)
        self.assertEqual(sum(weeks.values()), 7)
        self.assertEqual(len(weeks), 2)
        self.assertIn("target of 100", action["display_name"])
        here = self.env["prm.territory"].create({"name": "Here"})
        self.focus.territory_ids = here
        weeks, _action = self._read(
            "action_view_ordered", "date:week", "product_uom_qty:sum"
        )
        self.assertFalse(weeks)
        self.relationship.territory_id = here
        weeks, _action = self._read(
            "action_view_ordered", "date:week", "product_uom_qty:sum"
        )
        self.assertEqual(sum(weeks.values()), 7)

    def test_salesperson_sees_own_resellers_and_strangers_nothing(self):
        self._event("shown")
        self._event("shown", relationship=self.rel_both_a)
        self.rel_both_a.user_id = self.manager
        self.assertEqual(self._get_stages(self.salesperson), {"shown": 1})
        for user in (self.stranger, self.employee, self.user_alpha):
            for name in ("action_view_weeks", "action_view_ordered"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    getattr(self.focus.with_user(user), name)()

    def test_graphs_are_by_week(self):
        for name, model in (
            ("action_view_weeks", "prm.recommendation.report"),
            ("action_view_ordered", "sale.report"),
        ):
            action = getattr(self.focus.with_user(self.manager), name)()
            view = self.env[model].get_view(action["view_id"][0], "graph")
            self.assertEqual(action["views"][0], (action["view_id"][0], "graph"))
            self.assertIn('interval="week"', view["arch"])
