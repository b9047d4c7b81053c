import os
from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from ..models.nightly import turn as turn_module
from ..models.nightly import unit as unit_module
from .nightly_common import NOW, RunCommon


class TestRun(RunCommon):
    def test_product_that_nobody_bought_is_listed_while_it_is_new(self):
        products = self._create_products(*(f"Fruit {n}" for n in range(6)))
        self._sell_history([self.alpha, self.both], products)
        novelty = self._create_products("Fruit 7")
        self._run()
        offer = self._get_list(self.rel_alpha).filtered(
            lambda offer: offer.product_id == novelty
        )
        self.assertEqual(offer.kind, "new")
        self.assertEqual([one["code"] for one in offer.reasons], ["alike"])
        self.assertGreater(offer.price, 0)

    def test_lists_are_published_when_a_run_is_done(self):
        products = self._create_products(*(f"Fruit {n}" for n in range(6)))
        self._sell_history([self.alpha, self.both], products)
        run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        found = self._get_list(self.rel_alpha)
        self.assertTrue(found)
        self.assertLessEqual(found.product_id, products)
        self.assertEqual(found.company_id, self.company_a)
        self.assertEqual(found.run_id, run)
        self.assertTrue(all(0 <= r.probability <= 1 for r in found))
        self.assertTrue(all(r.reasons for r in found if r.kind == "due"))
        self.assertEqual(
            run.recommendation_count,
            self.env["prm.recommendation"].search_count(
                [("company_id", "=", self.company_a.id)]
            ),
        )
        self.assertEqual(
            run.line_count,
            sum(
                len(p)
                for p in [
                    self.env["sale.order"]
                    .search(
                        [
                            (
                                "prm_relationship_id",
                                "in",
                                (self.rel_alpha | self.rel_both_a).ids,
                            )
                        ]
                    )
                    .order_line
                ]
            ),
        )
        self.assertEqual(run.reseller_count, 2)
        self.assertEqual(run.progress, 100)
        self.assertFalse(run.error)
        names = [stage["name"] for stage in run.stages]
        self.assertEqual(names[0], "extract")
        self.assertEqual(names[-1], "publish")
        self.assertIn("learn", names)
        self.assertGreater(run.child_rss, 0)
        self.assertGreater(run.worker_vms, 0)
        self.assertEqual(run.config["k_reorder"], 14)
        self.assertNotEqual(self.rel_alpha.health_color, "grey")
        self.assertFalse(run._get_folder().exists())
        self.assertTrue(run.stages_html)

    def test_folder_that_a_dropped_database_left_is_no_failure(self):
        self._sell(self.alpha, (self.apple, 1))
        run = self._request()
        left = run._get_root() / f"{run.id}-1"
        left.mkdir(parents=True)
        (left / "orders.csv").write_text("of another database of this name")
        self._finish(run)
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(run.attempt, 1)
        self.assertFalse(left.exists())

    def test_ids_stay_when_published_again(self):
        products = self._create_products(*(f"Fruit {n}" for n in range(6)))
        self._sell_history([self.alpha, self.both], products)
        self._run()
        before = {r.product_id: r.id for r in self._get_list(self.rel_alpha)}
        gone, *_others = before
        gone.sale_ok = False
        run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        after = {r.product_id: r.id for r in self._get_list(self.rel_alpha)}
        self.assertNotIn(gone, after)
        self.assertTrue(after)
        self.assertLessEqual(after.items(), before.items())

    def test_empty_when_there_is_no_history(self):
        run = self._run(self.company_b)
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(run.line_count, 0)
        self.assertEqual(run.recommendation_count, 0)
        self.assertIn("no confirmed orders", run.summary)

    def test_done_when_one_reseller_bought_one_product_once(self):
        self._sell(self.alpha, (self.apple, 1))
        run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertIn("too short", run.summary)

    def test_done_when_there_are_ten_resellers(self):
        resellers = [self._create_reseller(f"Shop {n}") for n in range(10)]
        for reseller in resellers:
            self._create_relationship(reseller, self.company_a)
        products = self._create_products(*(f"Fruit {n}" for n in range(5)))
        self._sell_history(resellers, products, weeks=18)
        run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertTrue(run.cutoff)
        self.assertEqual(run.judged_count, 10)
        self.assertGreater(run.engine_bought, 0)
        self.assertAlmostEqual(run.engine_bought, 10 * run.engine_precision, delta=0.01)
        self.assertRegex(
            run.summary,
            r"^Of 10 products .* on \w+ \d+ .*, \d\.\d were bought within 28",
        )
        self.assertTrue(run.quality_html)

    def test_only_its_assortment_when_a_reseller_has_one(self):
        products = self._create_products(*(f"Fruit {n}" for n in range(6)))
        self._sell_history([self.alpha, self.both], products)
        assortment = self.env["prm.assortment"].create(
            {
                "name": "Two",
                "line_ids": [
                    (0, 0, {"product_tmpl_id": product.product_tmpl_id.id})
                    for product in products[:2]
                ],
            }
        )
        self.rel_alpha.assortment_ids = assortment
        self._run()
        found = self._get_list(self.rel_alpha)
        self.assertTrue(found)
        self.assertLessEqual(found.product_id, products[:2])

    def test_minimum_of_the_price_list_when_suggested_less(self):
        self.apple.product_tmpl_id.prm_sales_pack = 4
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.list_a.id,
                "applied_on": "1_product",
                "product_tmpl_id": self.apple.product_tmpl_id.id,
                "min_quantity": 10,
                "compute_price": "fixed",
                "fixed_price": 5,
            }
        )
        for day in (5, 15, 25, 35):
            self._sell(self.both, (self.apple, 1), days_ago=day)
            self._sell(self.alpha, (self.apple, 1), days_ago=day)
        self._run()
        by_reseller = {
            r.relationship_id: r.quantity
            for r in self.env["prm.recommendation"].search(
                [("product_id", "=", self.apple.id)]
            )
        }
        self.assertEqual(by_reseller[self.rel_both_a], 12)
        self.assertEqual(by_reseller[self.rel_alpha], 4)

    # Requests

    def test_one_run_when_the_button_is_pressed_twice(self):
        runs = self.runs.with_user(self.manager)
        action = runs.action_run_now()
        again = runs.action_run_now()
        self.assertEqual(action["res_id"], again["res_id"])
        run = self.runs.browse(action["res_id"])
        self.assertEqual(run.requested_by_id, self.manager)
        self.assertEqual(run.state, "waiting")

    def test_refused_when_the_user_is_no_manager(self):
        run = self._request()
        for user in (self.salesperson, self.employee, self.user_alpha, self.stranger):
            runs = self.runs.with_user(user)
            for call in (
                runs.action_run_now,
                runs.browse(run.id).action_cancel,
                runs.browse(run.id).action_retry,
                runs.browse(run.id).action_view_history,
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_refused_by_the_index_when_a_company_has_an_open_run(self):
        run = self._request()
        for state in ("waiting", "extracting", "computing", "publishing"):
            run.state = state
            self.env.flush_all()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.UniqueViolation),
                self.env.cr.savepoint(),
            ):
                self.runs.create({"company_id": self.company_a.id})
        run.state = "failed"
        self.env.flush_all()
        self.assertTrue(self.runs.create({"company_id": self.company_a.id}))

    def test_one_run_a_company_when_the_clock_asks_twice(self):
        self._trigger(self.cron_recommend)
        self._trigger(self.cron_recommend)
        runs = self.runs.search([])
        self.assertIn(self.company_a, runs.company_id)
        self.assertIn(self.company_b, runs.company_id)
        self.assertEqual(len(runs), len(runs.company_id))

    def test_asked_for_at_the_companys_night(self):
        self.company_a.partner_id.tz = "Asia/Jakarta"
        self.runs.create(
            {
                "company_id": self.company_a.id,
                "state": "done",
                "date": "2026-03-17 20:00:00",
                "date_end": "2026-03-17 20:01:00",
            }
        )
        for moment, due in (
            ("2026-03-18 15:00:00", False),  # 22 in the evening, 19 hours later
            ("2026-03-18 18:30:00", False),  # half past one
            ("2026-03-18 19:30:00", True),  # half past two
            ("2026-03-19 01:00:00", False),  # eight in the morning, 29 hours later
            ("2026-03-19 03:00:00", True),  # the server slept at night
        ):
            companies = self.runs._get_companies_due(
                fields.Datetime.to_datetime(moment)
            )
            self.assertEqual(self.company_a in companies, due, moment)

    def test_due_once_a_day_when_the_clock_was_set_back(self):
        """Runs of a time to come count as none; one that began before the clock was
        set ahead counts from there."""
        for date, date_end, due in (
            ("2027-03-18 12:00:00", "2027-03-18 12:01:00", True),
            ("2026-03-16 12:00:00", "2027-03-18 12:01:00", True),
            ("2026-03-18 11:00:00", "2027-03-18 12:01:00", False),
            ("2027-03-18 12:00:00", "2026-03-18 11:01:00", False),
        ):
            values = {"date": date, "date_end": date_end, "state": "done"}
            run = self.runs.create({"company_id": self.company_a.id, **values})
            now = fields.Datetime.to_datetime(NOW)
            found = self.runs._get_companies_due(now)
            self.assertEqual(self.company_a in found, due, values)
            run.unlink()

    def test_companies_one_after_the_other_when_both_wait(self):
        self._sell(self.alpha, (self.apple, 1))
        self._sell(self.beta, (self.apple, 1), company=self.company_b)
        first, second = self._request(), self._request(self.company_b)
        with patch.object(unit_module, "WAIT_SECONDS", 0):
            self._turn()
            self.assertEqual((first.state, second.state), ("computing", "waiting"))
            self._turn()
            self.assertEqual(second.state, "waiting")
        self._finish(first)
        self.assertEqual((first.state, second.state), ("done", "waiting"))
        self._finish(second)
        self.assertEqual(second.state, "done")
        self.assertTrue(self._get_list(self.rel_beta))

    def test_other_companies_go_on_when_one_fails(self):
        self._sell(self.alpha, (self.apple, 1))
        self._sell(self.beta, (self.apple, 1), company=self.company_b)
        first, second = self._request(), self._request(self.company_b)
        dataset = type(self.env["prm.dataset"])
        build = dataset._prepare_tables

        def fail(records, company):
            if company == self.company_a:
                records.env.cr.execute("SELECT 1 / 0")
            return build(records, company)

        with (
            patch.object(dataset, "_prepare_tables", fail),
            mute_logger("odoo.sql_db", turn_module.__name__),
        ):
            self._trigger(self.cron_advance)
            self.assertEqual(first.state, "waiting")
            self.assertEqual(first.attempt, 1)
            self.assertIn("DivisionByZero", first.error_detail)
            for _turn in range(6):
                self._trigger(self.cron_advance)
            self.assertEqual(second.state, "done", second.error_detail)
            self._finish(first)
        self.assertEqual(first.state, "failed")
        self.assertEqual(first.attempt, 3)
        self.assertIn("unexpected", first.error)

    # Words

    @freeze_time("2026-11-21 12:00:00")
    def test_the_managers_sentence(self):
        run = self.runs.create({"company_id": self.company_a.id})
        run.write(
            {
                "state": "done",
                "line_count": 5,
                **run._prepare_quality_values(
                    {
                        "backtest": {
                            "cutoff": "2026-10-24",
                            "days": 28,
                            "judged": 12,
                            "engine": {"all": {"precision@10": 0.38}},
                            "bestsellers": {"all": {"precision@10": 0.11}},
                            "own_usual": {"all": {"precision@10": 0.29}},
                        }
                    }
                ),
            }
        )
        self.assertEqual(
            run.summary,
            "Of 10 products we would have offered on October 24 to each reseller,"
            " 3.8 were bought within 28 days; bestsellers 1.1; their own usual products"
            " 2.9.",
        )
        for code, day in (("de_DE", "24. Oktober"), ("id_ID", "24 Oktober")):
            self.env["res.lang"]._activate_lang(code)
            self.assertIn(f" {day}", run.with_context(lang=code).summary)

    def test_a_line_for_each_method_over_the_runs(self):
        runs = self.runs.create(
            [
                {
                    "company_id": self.company_a.id,
                    "state": "done",
                    "date": f"2026-03-{day} 02:00:00",
                    "cutoff": "2026-02-01",
                    "engine_bought": 3 + day / 10,
                    "usual_bought": 2,
                    "bestsellers_bought": 1,
                }
                for day in (10, 11, 12)
            ]
        )
        self.assertEqual(runs[0].chart_html.count("<polyline"), 3)
        self.assertFalse(self.runs.new({}).chart_html)

    def test_files_are_for_the_server_only(self):
        self._sell(self.alpha, (self.apple, 1))
        run = self._request()
        self._turn()
        self.assertEqual(run.state, "computing")
        self.assertEqual(run._get_folder().stat().st_mode & 0o777, 0o700)
        run.with_user(self.manager).action_cancel()
        self.assertEqual(run.state, "failed")
        self.assertIn(self.manager.name, run.error)
        self.assertFalse(run._get_folder().exists())

    def test_folders_of_runs_that_ended_are_removed(self):
        run = self._request()
        root = run._get_root()
        stale = root / "999999-1"
        os.makedirs(stale)
        os.makedirs(run._get_folder())
        self._trigger(self.cron_recommend)
        self.assertFalse(stale.exists())
        self.assertTrue(run._get_folder().exists())
        run._stop("cancelled", user="x")
        self.assertFalse(run._get_folder().exists())

    def test_a_minute_is_waited_when_the_calculation_is_long(self):
        self._sell(self.alpha, (self.apple, 1))
        run = self._request()
        with patch.object(unit_module, "WAIT_SECONDS", 0):
            self._turn()
            self._turn()
            self.assertEqual(run.state, "computing")
            self.assertFalse(run.next_try)
            run.child_start = fields.Datetime.now() - timedelta(minutes=5)
            self._turn()
        if run.state == "computing":
            wait = run.next_try - fields.Datetime.now()
            self.assertLessEqual(abs(wait.total_seconds() - 60), 5)
        self._finish(run)
        self.assertEqual(run.state, "done")
