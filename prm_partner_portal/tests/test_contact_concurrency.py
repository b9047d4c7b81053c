"""What a double click gets: real transactions, real commits."""

import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestContactConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._remove)
        with self._commit() as env:
            partner = env["res.partner"].create(
                {"name": "Clicked twice", "is_company": True}
            )
            relationship = env["prm.relationship"].create(
                {
                    "partner_id": partner.id,
                    "company_id": env.ref("base.main_company").id,
                    "state": "active",
                }
            )
            self.partner_id, self.relationship_id = partner.id, relationship.id

    def _remove(self):
        with self._commit() as env:
            env["prm.relationship"].browse(self.relationship_id).unlink()
            env["res.partner"].browse(self.partner_id).unlink()

    @contextmanager
    def _commit(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _record(self, env):
        relationship = env["prm.relationship"].browse(self.relationship_id)
        return relationship.record_contact("not_now", token="click")["contact_id"]

    def _record_like_a_request(self, answers):
        """As Odoo's server does it: what the database refuses is begun anew."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("SELECT 1")  # the transaction sees nothing later than this
            self.started.set()
            answers.append(retrying(lambda: self._record(env), env))

    @mute_logger("odoo.service.model")
    def test_second_click_finds_what_the_first_recorded(self):
        self.started, answers = threading.Event(), []
        second = threading.Thread(target=self._record_like_a_request, args=(answers,))
        with self._commit() as env:
            first = self._record(env)
            second.start()
            self.started.wait(10)
            second.join(1)
            self.assertTrue(second.is_alive(), "waits for the first to end")
        second.join(60)
        self.assertEqual(answers, [first])
        with self._commit() as env:
            contacts = env["prm.contact"].search(
                [("relationship_id", "=", self.relationship_id)]
            )
            self.assertEqual(contacts.ids, [first])
            messages = contacts.relationship_id.message_ids
            self.assertEqual(len(messages.filtered(lambda m: "Not now" in m.body)), 1)
