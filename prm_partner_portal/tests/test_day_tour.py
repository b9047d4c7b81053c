from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SALES_MANAGER, SALES_OWN
from .day_common import DayCommon


@tagged("post_install", "-at_install")
class TestDayTour(DayCommon, HttpCase):
    """The day as a salesperson goes through it, in a browser and by keyboard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "prm_seller", groups=SALES_OWN)
        (cls.rel_alpha | cls.rel_both_a).user_id = cls.seller
        cls._due(cls.rel_alpha, cls.mugs[0], price=1000)
        cls._due(cls.rel_alpha, cls.mugs[1], kind="new", due_date=False)
        cls._due(cls.rel_alpha, cls.mugs[2], price=500)
        cls._due(cls.rel_both_a, cls.mugs[0], price=10)

    def test_day(self):
        self.mugs[2].product_tmpl_id.sale_ok = False
        self.start_tour("/odoo/my-day", "prm_partner_portal.day", login="prm_seller")
        order = self.env["sale.order"].search([("partner_id", "=", self.alpha.id)])
        self.assertEqual(order.order_line.product_id, self.mugs[:2])
        self.assertEqual(order.user_id, self.seller)
        contacts = self.env["prm.contact"].with_context(active_test=False).search([])
        self.assertEqual(contacts.mapped("outcome"), ["ordered", "call_back"])
        self.assertEqual(contacts.mapped("active"), [True, False])
        self.assertEqual(contacts[0].note, "Ten boxes")
        self.assertFalse(self.rel_alpha.activity_ids)
        self.assertTrue(self.rel_both_a.day_pinned)

    def test_reseller_moves_while_its_card_is_open(self):
        self.rel_both_a.user_id = self.colleague
        with mute_logger("odoo.http"):
            self.start_tour(
                "/odoo/my-day", "prm_partner_portal.day_moved", login="prm_seller"
            )
        self.assertEqual(self.rel_alpha.user_id, self.colleague)
        self.assertFalse(self.env["prm.contact"].search([]))

    def test_manager_begins_with_the_team(self):
        boss = new_test_user(self.env, "prm_boss", groups=SALES_MANAGER)
        self._create_relationship(
            self._create_reseller("Gamma Traders"), self.company_a
        )
        bought = self._create_order(self.alpha, self.mugs[4], 3)
        bought.action_confirm()
        bought.picking_ids.move_ids._action_cancel()
        bought.date_order = fields.Datetime.now() - timedelta(days=200)
        self.env["prm.focus"].create(
            {
                "name": "Overstock",
                "company_id": self.company_a.id,
                "date_to": fields.Date.today() + timedelta(days=9),
                "line_ids": [
                    Command.create({"product_id": self.mugs[4].id, "target": 9})
                ],
            }
        )
        self.start_tour("/odoo/my-day", "prm_partner_portal.day_team", login=boss.login)
