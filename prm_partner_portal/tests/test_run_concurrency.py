"""What happens between transactions: real commits, and a worker that is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ..models.nightly.publish import PrmRecommendationPublish
from .nightly_common import reap_children

WORKER = """
import os, signal, sys
import odoo
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
odoo.tools.config.parse_config(["-d", sys.argv[1], "--no-http", "--stop-after-init"])
registry = Registry(sys.argv[1])
model, method = sys.argv[2].rsplit(".", 1)
def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(registry[model], method, die)
with registry.cursor() as cr:
    env = api.Environment(cr, SUPERUSER_ID, {})
    env.ref("prm_partner_portal.ir_cron_prm_advance").method_direct_trigger()
"""


@tagged("post_install", "-at_install")
class TestRunConcurrency(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(reap_children)

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._remove)
        with self._commit() as env:
            self.company = env.ref("base.main_company").id
            runs = env["prm.recommendation.run"].search([])
            runs.action_cancel()
            self.last_run = max(runs.ids, default=0)
            partner = env["res.partner"].create(
                {"name": "Concurrent Traders", "is_company": True}
            )
            relationship = env["prm.relationship"].create(
                {"partner_id": partner.id, "company_id": self.company}
            )
            products = env["product.product"].create(
                [{"name": f"Concurrent {n}", "type": "consu"} for n in range(4)]
            )
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": partner.id,
                        "company_id": self.company,
                        "date_order": fields.Datetime.now() - timedelta(days=day),
                        "order_line": [(0, 0, {"product_id": p.id}) for p in products],
                    }
                    for day in (3, 13, 23, 33)
                ]
            )
            orders.state = "sale"
            self.partner, self.relationship = partner.id, relationship.id
            self.products, self.orders = products.ids, orders.ids

    def _remove(self):
        with self._commit() as env:
            runs = env["prm.recommendation.run"].search([("id", ">", self.last_run)])
            runs.action_cancel()
            runs.unlink()
            env["ir.cron.trigger"].search([]).unlink()
            env["prm.relationship"].browse(self.relationship).unlink()
            orders = env["sale.order"].browse(self.orders)
            orders.state = "cancel"
            orders.unlink()
            env["product.product"].browse(self.products).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner).unlink()

    @contextmanager
    def _commit(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _request(self):
        with self._commit() as env:
            runs = env["prm.recommendation.run"]
            return runs._request_run(env["res.company"].browse(self.company)).id

    def _turn(self, now=True):
        with self._commit() as env:
            if now:
                env.cr.execute("UPDATE prm_recommendation_run SET next_try = NULL")
                env.cr.commit()
            env.ref("prm_partner_portal.ir_cron_prm_advance").method_direct_trigger()

    def _finish(self, run_id):
        for _turn in range(10):
            if self._read(run_id)["state"] in ("done", "failed"):
                break
            self._turn()
        return self._read(run_id)

    def _read(self, run_id):
        with self._commit() as env:
            run = env["prm.recommendation.run"].browse(run_id)
            return run.read(["state", "attempt", "error_code", "error_detail"])[0]

    def _get_list(self):
        with self._commit() as env:
            found = env["prm.recommendation"].search(
                [("relationship_id", "=", self.relationship)]
            )
            return sorted(found.product_id.ids)

    def test_one_run_when_two_ask_in_the_same_moment(self):
        """Both see no open run; the index lets one of them in."""
        with self._commit() as first, self._commit() as second:
            for env in (first, second):
                env["prm.recommendation.run"].search_count([])
            company = first["res.company"].browse(self.company)
            run = first["prm.recommendation.run"]._request_run(company)
            self.assertTrue(run)
            first.cr.commit()
            company = second["res.company"].browse(self.company)
            self.assertFalse(second["prm.recommendation.run"]._request_run(company))

    def test_both_succeed_when_a_user_dismisses_while_a_run_publishes(self):
        self._finish(self._request())
        self.assertTrue(self._get_list())
        run_id = self._request()
        upsert = PrmRecommendationPublish._upsert

        def dismiss_meanwhile(model, run):
            count = upsert(model, run)
            clicked = threading.Thread(target=self._dismiss)
            clicked.start()
            clicked.join(timeout=10)
            self.assertFalse(clicked.is_alive(), "the click had to wait")
            return count

        with patch.object(PrmRecommendationPublish, "_upsert", dismiss_meanwhile):
            run = self._finish(run_id)
        self.assertEqual((run["state"], run["attempt"]), ("done", 1), run)
        with self._commit() as env:
            events = env["prm.recommendation.event"].search(
                [("relationship_id", "=", self.relationship)]
            )
            self.assertEqual(events.mapped("type"), ["dismissed"])

    def _dismiss(self):
        with self._commit() as env:
            env["prm.recommendation.event"].create(
                {
                    "relationship_id": self.relationship,
                    "company_id": self.company,
                    "product_id": self.products[0],
                    "type": "dismissed",
                    "date": fields.Date.today(),
                }
            )

    def test_done_again_when_publishing_meets_another_transaction(self):
        self._finish(self._request())
        run_id = self._request()
        publish = PrmRecommendationPublish._publish
        met = []

        def meet(model, run, folder):
            if not met:
                met.append(True)
                model.env.cr.execute("SELECT 1")
                with self._commit() as env:
                    env.cr.execute(
                        "UPDATE prm_recommendation SET quantity = 77"
                        " WHERE relationship_id = %s",
                        [self.relationship],
                    )
            return publish(model, run, folder)

        with (
            patch.object(PrmRecommendationPublish, "_publish", meet),
            mute_logger("odoo.sql_db"),
        ):
            run = self._finish(run_id)
        self.assertTrue(met)
        self.assertEqual((run["state"], run["attempt"]), ("done", 1), run)
        with self._commit() as env:
            found = env["prm.recommendation"].search(
                [("relationship_id", "=", self.relationship)]
            )
            self.assertNotIn(77, found.mapped("quantity"))

    def _kill_worker_at(self, place):
        """Let a worker of its own do a turn and be killed in the middle of it."""
        worker = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", WORKER, get_db_name(), place],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stderr=subprocess.PIPE,
            text=True,
        )
        _, errors = worker.communicate(timeout=120)
        self.assertEqual(worker.returncode, -signal.SIGKILL, errors[-2000:])
        self._wait_for_rollback(f"odoo-{worker.pid}")

    def _wait_for_rollback(self, application):
        """Return when the database has noticed that its client is gone.

        Until then it holds the client's locks, which a real second worker meets as a
        job that somebody else has.
        """
        gone = time.monotonic() + 60
        query = "SELECT 1 FROM pg_stat_activity WHERE application_name = %s"
        while time.monotonic() < gone:
            with self._commit() as env:
                env.cr.execute(query, [application])
                if not env.cr.fetchone():
                    return
            time.sleep(0.05)
        self.fail(f"{application} is still connected")

    def test_taken_over_when_the_worker_is_killed(self):
        self._finish(self._request())
        before = self._get_list()
        for place, begin, state, attempts in (
            ("prm.dataset._copy", "waiting", "extracting", 2),
            ("prm.recommendation.run._watch", "computing", "computing", 1),
            ("prm.recommendation._upsert", "publishing", "publishing", 1),
        ):
            with self.subTest(place=place):
                run_id = self._request()
                while self._read(run_id)["state"] != begin:
                    self._turn()
                self._kill_worker_at(place)
                self.assertEqual(self._read(run_id)["state"], state)
                self.assertEqual(self._get_list(), before)
                # Nobody takes it while it may be alive; then somebody does.
                self._turn(now=False)
                run = self._finish(run_id)
                self.assertEqual((run["state"], run["attempt"]), ("done", attempts))
                self.assertEqual(self._get_list(), before)
