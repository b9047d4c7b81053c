"""What two get who undo the same at once: real transactions, real commits."""

import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestEventConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._remove)
        with self._commit() as env:
            company = env.ref("base.main_company")
            partner = env["res.partner"].create(
                {"name": "Undone twice", "is_company": True}
            )
            relationship = env["prm.relationship"].create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "state": "active",
                }
            )
            product = env["product.product"].create({"name": "Dismissed"})
            env["prm.recommendation"].create(
                {
                    "relationship_id": relationship.id,
                    "company_id": company.id,
                    "product_id": product.id,
                    "kind": "new",
                }
            )
            self.partner, self.product = partner.id, product.id
            self.relationship = relationship.id
            event = relationship.dismiss_offer(product.id, "enough")["event_id"]
            self.event = event

    def _remove(self):
        with self._commit() as env:
            env["prm.relationship"].browse(self.relationship).unlink()
            env["product.product"].browse(self.product).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partner).unlink()

    @contextmanager
    def _commit(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _undo(self, env):
        relationship = env["prm.relationship"].browse(self.relationship)
        return relationship.undo_offer_event(self.event)

    def _undo_like_a_request(self, answers):
        """As Odoo's server does it: what the database refuses is begun anew."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("SELECT 1")  # the transaction sees nothing later than this
            self.started.set()
            answers.append(retrying(lambda: self._undo(env), env))

    @mute_logger("odoo.service.model")
    def test_who_comes_second_finds_it_undone(self):
        self.started, answers = threading.Event(), []
        second = threading.Thread(target=self._undo_like_a_request, args=(answers,))
        with self._commit() as env:
            self._undo(env)
            second.start()
            self.started.wait(10)
            second.join(1)
            self.assertTrue(second.is_alive(), "waits for the first to end")
        second.join(60)
        self.assertEqual(answers, [True])
        with self._commit() as env:
            events = env["prm.recommendation.event"].search(
                [("relationship_id", "=", self.relationship)], order="id"
            )
            self.assertEqual(events.mapped("type"), ["dismissed", "undone"])
