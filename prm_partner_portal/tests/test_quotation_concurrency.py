"""What two who press at once get: real transactions, real commits."""

import threading
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestQuotationConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._remove)
        with self._commit() as env:
            partners = env["res.partner"].create(
                [{"name": f"Pressing {n}", "is_company": True} for n in range(3)]
            )
            relationships = env["prm.relationship"].create(
                [
                    {
                        "partner_id": partner.id,
                        "company_id": env.ref("base.main_company").id,
                        "state": "active",
                    }
                    for partner in partners
                ]
            )
            products = env["product.product"].create(
                [{"name": f"Pressed {n}", "type": "consu"} for n in range(2)]
            )
            self.partners, self.products = partners.ids, products.ids
            self.relationships = relationships.ids

    def _remove(self):
        with self._commit() as env:
            orders = env["sale.order"].search([("partner_id", "in", self.partners)])
            orders.unlink()
            env["prm.relationship"].browse(self.relationships).unlink()
            env["product.product"].browse(self.products).product_tmpl_id.unlink()
            env["res.partner"].browse(self.partners).unlink()

    @contextmanager
    def _commit(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _make(self, env, product=0):
        relationships = env["prm.relationship"].browse(self.relationships)
        wanted = {env["product.product"].browse(self.products[product]): 3}
        outcomes = relationships._prm_make_quotations(
            dict.fromkeys(relationships, wanted), "product"
        )
        return [(outcome.result, outcome.reason) for outcome in outcomes]

    def _make_like_a_request(self, answers):
        """As Odoo's server does it: what the database refuses is begun anew."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            cr.execute("SELECT 1")  # the transaction sees nothing later than this
            self.started.set()
            answers.append(retrying(lambda: self._make(env), env))

    def _get_lines(self):
        with self._commit() as env:
            orders = env["sale.order"].search([("partner_id", "in", self.partners)])
            return orders.mapped("order_line.product_uom_qty")

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_who_comes_second_finds_what_the_first_has_made(self):
        self.started, answers = threading.Event(), []
        second = threading.Thread(target=self._make_like_a_request, args=(answers,))
        with self._commit() as env:
            self.assertEqual(self._make(env), [("made", False)] * 3)
            second.start()
            self.started.wait(10)
            second.join(1)
            self.assertTrue(second.is_alive(), "waits for the first to end")
        second.join(60)
        self.assertEqual(answers, [[("skipped", "present")] * 3])
        self.assertEqual(self._get_lines(), [3.0] * 3)

    @mute_logger("odoo.sql_db")
    def test_draft_that_somebody_is_saving_is_left_alone(self):
        with self._commit() as env:
            self._make(env)
        with self._commit() as other:
            orders = other["sale.order"].search(
                [("partner_id", "in", self.partners[:1])]
            )
            orders.client_order_ref = "Being typed"
            orders.flush_recordset()
            with self._commit() as env:
                self.assertEqual(
                    self._make(env, product=1),
                    [("skipped", "busy")] + [("extended", False)] * 2,
                )
        self.assertEqual(len(self._get_lines()), 5)
