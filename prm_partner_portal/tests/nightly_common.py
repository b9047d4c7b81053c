import csv
import os
import shutil
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from odoo import fields

from ..models.nightly import child
from ..models.nightly.answer import hash_file
from .common import PrmCommon

TURNS = 12
NOW = "2026-03-18 12:00:00"


def reap_children():
    """Take leave of processes that a test let be killed, or Odoo warns of them."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


class NightlyCommon(PrmCommon):
    """Orders at some day of the past, and the dataset that is made of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.partner_id.tz = cls.company_b.partner_id.tz = "UTC"
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.apple, cls.pear, cls.plum = cls._create_products("Apple", "Pear", "Plum")

    @classmethod
    def _create_products(cls, *names, **values):
        return cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "consu",
                    "list_price": 10.0,
                    "taxes_id": False,
                    **values,
                }
                for name in names
            ]
        )

    @classmethod
    def _sell(cls, partner, *lines, days_ago=1, company=None, confirm=True, **values):
        """:param lines: (product, quantity) or values of an order line"""
        company = company or cls.company_a
        prepared = [
            line
            if isinstance(line, dict)
            else {"product_id": line[0].id, "product_uom_qty": line[1]}
            for line in lines
        ]
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [(0, 0, line) for line in prepared],
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        order.date_order = values.get(
            "date_order", fields.Datetime.now() - timedelta(days=days_ago)
        )
        return order

    def _extract(self, company=None):
        """:return: rows of each of the library's files, as dicts of texts"""
        company = company or self.company_a
        dataset = self.env["prm.dataset"]
        dataset._prepare_tables(company)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            counts = dataset._write_files(company, folder, dataset._get_as_of(company))
            rows = {
                path.stem: list(csv.DictReader(path.open(newline="")))
                for path in folder.iterdir()
            }
        self.assertEqual({f"{k}.csv": len(v) for k, v in rows.items()}, counts)
        return rows

    def _get_bought(self, relationship=None, company=None):
        """:return: {(product id, quantity)} of one reseller, sorted by product"""
        relationship = relationship or self.rel_alpha
        return sorted(
            (int(row["product"]), float(row["quantity"]))
            for row in self._extract(company)["orders"]
            if row["reseller"] == str(relationship.id)
        )


class RunCommon(NightlyCommon):
    """The nightly action by its scheduled actions, with its real process."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(reap_children)
        # What nobody bought is listed only while it is new.
        cls.env.cr.execute("UPDATE product_product SET create_date = '2020-01-01'")
        cls.env["prm.recommendation.run"].search([]).unlink()
        cls.cron_advance = cls.env.ref("prm_partner_portal.ir_cron_prm_advance")
        cls.cron_recommend = cls.env.ref("prm_partner_portal.ir_cron_prm_recommend")
        cls.runs = cls.env["prm.recommendation.run"]

    def _trigger(self, cron):
        with self.enter_registry_test_mode():
            result = cron.method_direct_trigger()
        self.assertIs(result, True)

    def _request(self, company=None):
        return self.runs._request_run(company or self.company_a)

    def _turn(self):
        """One turn of the scheduled action, as if all its waiting were over."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE prm_recommendation_run SET next_try = NULL")
        self.env.invalidate_all()
        self._trigger(self.cron_advance)

    def _finish(self, run):
        for _turn in range(TURNS):
            if run.state in ("held", "done", "failed"):
                break
            self._turn()
        return run

    def _run(self, company=None):
        return self._finish(self._request(company))

    @classmethod
    def _sell_history(cls, partners, products, weeks=20, company=None):
        """Everybody buys a little every week, not all the same."""
        for place, partner in enumerate(partners):
            for week in range(weeks):
                chosen = [
                    (product, 1 + (week + number) % 3)
                    for number, product in enumerate(products)
                    if (week + place + number) % 3 == 0
                ]
                order = cls._sell(
                    partner,
                    *chosen,
                    days_ago=2 + 7 * week + place % 5,
                    company=company,
                    confirm=False,
                )
                order.state = "sale"

    def _get_list(self, relationship):
        return self.env["prm.recommendation"].search(
            [("relationship_id", "=", relationship.id)]
        )


class HardCommon(RunCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for day in (3, 13, 23, 33, 43):
            for partner, *lines in (
                (cls.alpha, (cls.apple, 2), (cls.pear, 1)),
                (cls.both, (cls.apple, 1), (cls.plum, 1)),
            ):
                order = cls._sell(partner, *lines, days_ago=day, confirm=False)
                order.state = "sale"

    def _publish_first(self):
        """A list that must stand whatever happens to the next run."""
        self.env["prm.recommendation"].create(
            [
                {
                    "relationship_id": self.rel_alpha.id,
                    "company_id": self.company_a.id,
                    "product_id": product.id,
                    "kind": "due",
                    "rank": rank,
                    "quantity": 1,
                }
                for rank, product in enumerate(self.apple | self.plum, 1)
            ]
        )
        self.before = self._read_lists()

    def _read_lists(self):
        return self.env["prm.recommendation"].search([]).read(load=False)

    def _start(self):
        """:return: a run whose process has been started and is not yet looked at"""
        run = self._request()
        self._turn()
        self.assertEqual(run.state, "computing")
        return run


class AnswerCommon(HardCommon):
    @classmethod
    def setUpClass(cls):
        """The process answers once; each test gets a copy of its answer."""
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        dataset = cls.env["prm.dataset"]
        as_of = dataset._get_as_of(cls.company_a)
        dataset._prepare_tables(cls.company_a)
        dataset._write_files(cls.company_a, cls.folder, as_of)
        arguments = ["run", "--as-of", as_of.isoformat(), "--out", folder.name]
        for name in ("orders", "products", "resellers", "allowed"):
            arguments += [f"--{name}", str(cls.folder / f"{name}.csv")]
        pid, created = child.start_child(cls.folder, arguments)
        while child.is_alive(pid, created):
            time.sleep(0.05)

    def _answer(self):
        """:return: a run whose answer is there and not yet published"""
        self._publish_first()
        run = self.runs.create({"company_id": self.company_a.id})
        run.write(
            {
                "state": "publishing",
                "attempt": 1,
                "as_of": self.env["prm.dataset"]._get_as_of(self.company_a),
                "line_count": 20,
                "inputs": {
                    name: hash_file(self.folder / name)
                    for name in ("resellers.csv", "products.csv")
                },
            }
        )
        shutil.copytree(self.folder, run._get_folder())
        self.addCleanup(run._remove_folder)
        return run
