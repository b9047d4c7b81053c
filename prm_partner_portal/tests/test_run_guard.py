from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .nightly_common import RunCommon


class TestRunGuard(RunCommon):
    """Lists that look wrong do not replace those that stand, and a manager hears."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls._create_products(*(f"Fruit {n}" for n in range(6)))
        cls.resellers = cls.alpha | cls.both
        for number in range(8):
            reseller = cls._create_reseller(f"Shop {number}")
            cls._create_relationship(reseller, cls.company_a)
            cls.resellers |= reseller

    def _fill(self, weeks=18):
        self._sell_history(self.resellers, self.products, weeks=weeks)

    def _lose_orders(self, share=5):
        """Orders that an import lost: four in five."""
        orders = self.env["sale.order"].search(
            [("prm_relationship_id.company_id", "=", self.company_a.id)], order="id"
        )
        lost = orders - orders[::share]
        lost.state = "cancel"
        return lost

    def _read_lists(self):
        return self.env["prm.recommendation"].search([]).read(load=False)

    def _get_activities(self):
        return (
            self.env["mail.activity"]
            .sudo()
            .search([("res_model", "=", "prm.recommendation.run")])
        )

    def _copy_counts(self, run):
        names = ("line_count", "recent_order_count", "buyer_count")
        return self.runs.create(
            {
                "company_id": run.company_id.id,
                "state": "failed",
                **{name: run[name] for name in names},
            }
        )

    def _pretend(self, run, **figures):
        """The backtest of a published run, as if it had been another."""
        backtest = run.backtest
        backtest["engine"]["all"].update(figures)
        run.backtest = backtest

    def test_published_when_there_is_nothing_to_compare_with(self):
        self._fill()
        run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertFalse(run.doubts)
        self.assertGreater(run.recent_order_count, 20)
        self.assertEqual(run.buyer_count, 10)
        self.assertIn("ndcg@10_se", run.backtest["engine"]["all"])
        self.assertFalse(self._get_activities())

    def test_held_back_when_half_of_the_orders_are_missing(self):
        self._fill()
        first = self._run()
        before = self._read_lists()
        lost = self._lose_orders()
        run = self._run()
        self.assertEqual(run.state, "held", run.error_detail)
        self.assertEqual(self._read_lists(), before)
        codes = {doubt["code"] for doubt in run.doubts}
        self.assertLessEqual({"orders", "lines"}, codes)
        self.assertIn(str(first.recent_order_count), run.doubt_text)
        self.assertIn("held back", run.doubt_head)
        self.assertIn("import failed", run.doubt_advice)
        self.assertTrue(run._get_folder().exists())
        activities = self._get_activities()
        self.assertIn(self.manager, activities.user_id)
        self.assertNotIn(self.salesperson, activities.user_id)
        self.assertNotIn(self.stranger, activities.user_id)
        self.assertEqual(set(activities.mapped("res_id")), {run.id})
        self.assertIn("lists of before stand", activities[0].note)

        # The next night: nobody is told again, and the newer run takes its place.
        again = self._run()
        self.assertEqual((again.state, run.state), ("held", "failed"))
        self.assertIn("later run", run.error)
        self.assertFalse(run._get_folder().exists())
        self.assertEqual(self._get_activities(), activities)
        self.assertEqual(set(activities.mapped("res_id")), {again.id})

        # The orders come back.
        lost.state = "sale"
        mended = self._run()
        self.assertEqual(mended.state, "done", mended.doubts)
        self.assertEqual(again.state, "failed")
        self.assertFalse(self._get_activities())

    def test_published_when_a_manager_says_that_it_is_right(self):
        self._fill()
        self._run()
        self._lose_orders()
        run = self._run()
        self._trigger(self.cron_recommend)  # tidies up, but not this one's folder
        self.runs.search([("state", "=", "waiting")]).unlink()
        run.with_user(self.manager).action_publish_held()
        self.assertEqual(run.state, "publishing")
        self._finish(run)
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(run.confirmed_by_id, self.manager)
        self.assertEqual(self._get_list(self.rel_alpha).run_id, run)
        self.assertIn(self.manager.name, run.doubt_head)
        self.assertFalse(run.doubt_advice)
        self.assertFalse(self._get_activities())
        # From now on this is what is normal.
        self.assertEqual(self._run().state, "done")
        with self.assertRaises(UserError):
            run.with_user(self.manager).action_publish_held()

    def test_worked_out_again_when_the_answer_is_gone(self):
        self._fill(8)
        self._run()
        self._lose_orders()
        run = self._run()
        run._remove_folder()
        run.with_user(self.manager).action_publish_held()
        self._finish(run)
        self.assertEqual((run.state, run.attempt), ("done", 2), run.error_detail)

    def test_not_published_by_hand_when_not_a_manager_or_another_run_is_open(self):
        run = self.runs.create({"company_id": self.company_a.id, "state": "held"})
        for user in (self.salesperson, self.employee, self.user_alpha, self.stranger):
            with self.assertRaises(AccessError):
                self.runs.with_user(user).browse(run.id).action_publish_held()
        self._request()
        with self.assertRaisesRegex(UserError, "under way"):
            run.with_user(self.manager).action_publish_held()

    def test_published_when_the_lists_that_stand_are_two_weeks_old(self):
        self._fill(8)
        first = self._run()
        self._lose_orders()
        first.date_end = fields.Datetime.now() - timedelta(days=15)
        run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertIn("two weeks old", run.doubt_head)
        again = self._run()
        self.assertEqual((again.state, again.doubts), ("done", False), "now normal")
        self.assertFalse(self._get_activities())

    def test_held_back_when_the_lists_hit_less_than_chance_explains(self):
        self._fill()
        first = self._run()
        level = first.backtest["engine"]["all"]["ndcg@10"]
        for before, error, state in (
            (1.2 * level, 0.001, "done"),  # beyond chance, but by less than a fifth
            (1.5 * level, 1.0, "done"),  # within chance
            (1.5 * level + 0.5, 0.0001, "held"),
        ):
            self._pretend(first, **{"ndcg@10": before, "ndcg@10_se": error})
            now = {"ndcg@10": level, "ndcg@10_se": 0.001}
            values = {
                "state": "done",
                "config": first.config,
                "backtest": {"engine": {"all": now}},
            }
            run = self._copy_counts(first)
            self.assertEqual(run._prepare_hold_values(values)["state"], state)
        run = self._run()
        self.assertEqual([doubt["code"] for doubt in run.doubts], ["quality"])
        self.assertEqual(run.state, "held")

    def test_held_back_when_what_is_simple_hits_more(self):
        self._fill(8)
        published = self._run()
        published.backtest = {"engine": {"all": {"ndcg@10": 0.41, "ndcg@10_se": 0.01}}}
        values = {
            "state": "done",
            "config": published.config,
            "backtest": {
                "engine": {"all": {"ndcg@10": 0.36, "ndcg@10_se": 0.01}},
                "own_recent": {"all": {"ndcg@10": 0.40}},
            },
        }
        run = self._copy_counts(published)
        values = run._prepare_hold_values(values)
        self.assertEqual(values["state"], "held")
        self.assertEqual([doubt["code"] for doubt in values["doubts"]], ["baseline"])

    def test_published_when_a_shorter_history_was_asked_for(self):
        self._fill(18)
        for reseller in self.resellers:
            for number in range(60):
                order = self._sell(
                    reseller,
                    (self.products[number % 6], 1),
                    days_ago=400 + number,
                    confirm=False,
                )
                order.state = "sale"
        first = self._run()
        self.company_a.prm_history_months = 6
        run = self._run()
        self.assertLess(run.line_count, first.line_count / 2)
        self.assertEqual(run.state, "done", run.doubts)

    def test_each_company_its_own_when_another_one_loses_orders(self):
        self._fill(8)
        self._run()
        self._lose_orders()
        self._sell(self.beta, (self.apple, 1), company=self.company_b)
        run = self._run(self.company_b)
        self.assertEqual(run.state, "done", run.error_detail)
