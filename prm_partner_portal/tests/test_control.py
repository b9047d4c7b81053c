import tempfile
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time
from odoo.tools import mute_logger

from ..models import prm_recommendation_control as control_module
from ..models.nightly import control as nightly_control
from ..models.nightly.answer import RunError, hash_file
from .nightly_common import NOW, NightlyCommon, RunCommon


class TestControlRun(RunCommon):
    """The experiment by the run's own door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls._create_products(*(f"Fruit {n}" for n in range(40)))
        cls.controls = cls.env["prm.recommendation.control"]
        cls.company_a.prm_control = "on"
        cls.suspended = cls._create_relationship(
            cls._create_reseller("Late Payer"), cls.company_a, state="suspended"
        )

    def test_both_arms_are_kept_and_the_withheld_are_not_listed(self):
        self._sell_history(self.alpha | self.both, self.products)
        with patch.object(nightly_control, "CONTROL_SHARE", 0.3):
            run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(run.config["control_share"], 0.3)
        pairs = self.controls.search([("company_id", "=", self.company_a.id)])
        today = self.company_a._prm_get_today()
        start = date(1970, 1, 1) + timedelta(
            days=(today - timedelta(days=1) - date(1970, 1, 1)).days // 56 * 56
        )
        if today + timedelta(days=28) > start + timedelta(days=56):
            self.assertFalse(pairs, "their outcome would reach into the next draw")
            return
        self.assertEqual(
            pairs.relationship_id, self.rel_alpha | self.rel_both_a, "active ones only"
        )
        self.assertEqual(set(pairs.mapped("period_start")), {start})
        listed = {
            (one.relationship_id, one.product_id)
            for one in self.env["prm.recommendation"].search([])
        }
        by_arm = {"shown": set(), "withheld": set()}
        for pair in pairs:
            by_arm[pair.arm].add((pair.relationship_id, pair.product_id))
        self.assertTrue(by_arm["withheld"])
        self.assertLessEqual(by_arm["shown"], listed)
        self.assertFalse(by_arm["withheld"] & listed)
        self.assertEqual(len(self._get_list(self.rel_alpha)), 14, "full all the same")
        # The next night draws nothing anew.
        before = pairs.read(load=False)
        with patch.object(nightly_control, "CONTROL_SHARE", 0.3):
            self._run()
        self.assertLessEqual(len(before), self.controls.search_count([]))
        self.assertEqual(pairs.read(load=False), before)

    def test_nothing_is_withheld_when_an_answer_would_take_years(self):
        self.company_a.prm_control = "automatic"
        self._sell_history(self.alpha | self.both, self.products)
        self._run()
        run = self._run()
        self.assertEqual(run.config["control_share"], 0)
        self.assertFalse(self.controls.search([]))


@freeze_time(NOW)
class TestControl(NightlyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.controls = cls.env["prm.recommendation.control"]
        cls.start = date(2026, 1, 20)

    def _draw(self, arms, days_ago=60, relationship=None, probability=0.3):
        """:param arms: list of (product, arm)"""
        relationship = relationship or self.rel_alpha
        return self.controls.create(
            [
                {
                    "relationship_id": relationship.id,
                    "company_id": relationship.company_id.id,
                    "product_id": product.id,
                    "period_start": self.start,
                    "date": fields.Date.today() - timedelta(days=days_ago),
                    "kind": "new",
                    "probability": probability,
                    "arm": arm,
                }
                for product, arm in arms
            ]
        )

    def _recommend(self, pairs, probability=0.3):
        products = self._create_products(*(f"P {n}" for n in range(pairs)))
        self.env["prm.recommendation"].create(
            [
                {
                    "relationship_id": self.rel_alpha.id,
                    "company_id": self.company_a.id,
                    "product_id": product.id,
                    "kind": "due",
                    "rank": 1,
                    "quantity": 1,
                    "probability": probability,
                }
                for product in products
            ]
        )

    def _open(self, company=None):
        reports = self.env["prm.recommendation.control.report"]
        reports = reports.with_user(self.manager).with_company(
            company or self.company_a
        )
        action = reports.action_open()
        self.assertEqual(action["view_mode"], "form")
        return reports.browse(action["res_id"])

    def test_bought_when_ordered_within_28_days(self):
        products = self._create_products(*(f"Item {n}" for n in range(6)))
        day_60, first, last, late, early, quotation = products
        self._draw([(product, "shown") for product in products])
        self._draw([(self.apple, "withheld"), (self.pear, "withheld")])
        self._draw([(self.plum, "withheld")], days_ago=20)  # not over yet
        for product, days in (
            (day_60, 45), (first, 60), (last, 33), (late, 32), (early, 61),
            (self.pear, 40), (self.plum, 10),
        ):  # fmt: skip
            self._sell(self.alpha, (product, 1), days_ago=days)
        self._sell(self.alpha, (quotation, 1), days_ago=45, confirm=False)
        self._sell(self.both, (self.apple, 1), days_ago=45)  # another reseller
        self.assertEqual(
            self.controls._count_outcomes(self.company_a),
            [(4, "shown", 6, 3), (4, "withheld", 2, 1)],
        )
        self.assertEqual(self.controls._count_outcomes(self.company_b), [])

    def _load(self, *rows, start=None):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "control.csv"
            lines = [
                f"{relationship.id},{product.id},1,0.25,new,{arm}"
                for relationship, product, arm in rows
            ]
            head = "reseller,product,rank,probability,kind,arm"
            path.write_text("\n".join([head, *lines]) + "\n")
            self.controls._load(self.company_a, path, start or self.start)
        return self.controls.search([])

    def test_kept_once_from_the_first_day_on(self):
        today = fields.Date.today()
        start = today - timedelta(days=28)
        self.rel_both_a.state = "suspended"
        pair = self._load(
            (self.rel_alpha, self.apple, "shown"),
            (self.rel_both_a, self.apple, "shown"),  # may not be offered anything
            (self.rel_beta, self.apple, "shown"),  # another company's
            start=start,
        )
        self.assertEqual(pair.relationship_id, self.rel_alpha)
        self.assertEqual((pair.date, pair.period_start), (today, start))
        self.assertEqual((pair.arm, pair.probability), ("shown", 0.25))
        with freeze_time("2026-03-19 12:00:00"):
            # Again, and one whose outcome would reach into the next draw.
            rows = [
                (self.rel_alpha, one, "withheld") for one in (self.apple, self.pear)
            ]
            self.assertEqual(self._load(*rows, start=start), pair)
            self.assertEqual((pair.date, pair.arm), (today, "shown"))
            both = self._load(*rows, start=start + timedelta(days=28))
        self.assertEqual(len(both), 3, "drawn anew in another period")

    def test_refused_when_the_file_is_not_the_one_that_was_written(self):
        run = self.env["prm.recommendation.run"].create(
            {"company_id": self.company_a.id, "attempt": 1}
        )
        run._get_folder().mkdir(parents=True)
        self.addCleanup(run._remove_folder)
        path = run._get_folder() / "control.csv"
        path.write_text(
            "reseller,product,rank,probability,kind,arm\n1,1,1,7,new,shown\n"
        )
        forged = {"period": 367, "sha256": "0"}
        whole = {"period": 367, "sha256": hash_file(path)}  # but no probability is 7
        for control in (
            forged,
            whole,
            {"period": "x", "sha256": whole["sha256"]},
            {1: 2},
        ):
            with (
                self.assertRaises(RunError),
                self.env.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                run._load_control({"control": control})
        self.assertFalse(self.controls.search([]))

    def test_drawn_once_and_never_changed(self):
        (pair,) = self._draw([(self.apple, "shown")])
        with self.assertRaises(UserError):
            pair.arm = "withheld"
        self.assertTrue(pair.exists())

    def test_automatic_when_an_answer_comes_within_a_year(self):
        self._recommend(50)
        plan = self.controls._plan(self.company_a)
        self.assertEqual(plan["pairs"], 50)
        self.assertGreater(plan["months"], 12)
        self.assertFalse(self.controls._is_on(self.company_a))
        with (
            patch.object(control_module, "RELATIVE_EFFECT", 5.0),
            patch.object(control_module, "LEAST_WITHHELD", 1),
        ):
            self.assertTrue(self.controls._is_on(self.company_a))
            self.company_a.prm_control = "off"
            self.assertFalse(self.controls._is_on(self.company_a))
        self.company_a.prm_control = "on"
        self.assertTrue(self.controls._is_on(self.company_a))

    def test_says_why_it_is_off_and_when_it_begins(self):
        report = self._open()
        self.assertIn("no lists of active resellers", report.verdict)
        self.assertFalse(report.plan)
        self._recommend(20)
        self.assertIn("too few resellers", self._open().verdict)
        self.assertIn("20 products", self._open().plan)
        self.assertRegex(self._open().plan, r"within a year is \d+ % more orders")
        self.company_a.prm_control = "on"
        self.assertIn("next night", self._open().verdict)
        self._draw([(self.apple, "shown")], days_ago=3)
        self.assertIn("Too early to tell", self._open().verdict)
        self.company_a.prm_control = "off"
        self.assertIn("switched off", self._open().verdict)

    def test_too_early_when_there_are_few(self):
        self._recommend(200)
        products = self._create_products(*(f"Item {n}" for n in range(40)))
        self._draw([(p, "shown") for p in products[:36]])
        self._draw([(p, "withheld") for p in products[36:]])
        for product in products[:20]:
            self._sell(self.alpha, (product, 1), days_ago=45)
        report = self._open()
        self.assertRegex(report.verdict, r"Too early to tell: about \d+ more months")
        self.assertIn("Of 100 withheld products 0.0", report.verdict)
        self.assertIn("four times in five", report.plan)
        self.assertIn("<table", report.table_html)

    def test_says_that_it_pays_when_that_is_clear(self):
        products = self._create_products(*(f"Item {n}" for n in range(120)))
        self._draw([(p, "shown") for p in products[:60]])
        self._draw([(p, "withheld") for p in products[60:]])
        self._sell(self.alpha, *((p, 1) for p in products[:50]), days_ago=45)
        self.assertIn("It pays", self._open().verdict)
        self.assertIn("switched off", self._open_b().verdict)

    def _open_b(self):
        self.manager.company_ids |= self.company_b
        self.company_b.prm_control = "off"
        return self._open(self.company_b)

    def test_refused_when_not_a_manager(self):
        (pair,) = self._draw([(self.apple, "shown")])
        reports = self.env["prm.recommendation.control.report"]
        for user in (self.salesperson, self.employee, self.user_alpha):
            with self.assertRaises(AccessError):
                reports.with_user(user).action_open()
            with self.assertRaises(AccessError):
                pair.with_user(user).read(["arm"])
        self.assertEqual(pair.with_user(self.manager).arm, "shown")
        with self.assertRaises(AccessError):
            pair.with_user(self.manager).unlink()
        foreign = self._draw([(self.apple, "shown")], relationship=self.rel_beta)
        with self.assertRaises(AccessError):
            foreign.with_user(self.manager).read(["arm"])
        with self.assertRaises(AccessError):
            reports.with_user(self.manager).create({"company_id": self.company_b.id})
        report = reports.with_user(self.manager).create({})
        with self.assertRaises(AccessError):
            report.with_user(self.salesperson).read(["verdict"])
