import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SALES_ALL, SALES_MANAGER, SALES_OWN
from .find_common import FindCommon

MUTED = "odoo.http", "odoo.addons.base.models.ir_model"


@tagged("post_install", "-at_install")
class TestFindAccess(FindCommon, HttpCase):
    """Managers only, and only their own list and companies."""

    def _calls(self, batch):
        return [
            ("prm.relationship.find", "action_open", []),
            ("prm.relationship.find", "get_summary", []),
            ("prm.relationship.find", "recount", [3, 12]),
            ("prm.relationship.find", "tick", [False, []]),
            ("prm.relationship.find", "make", []),
            ("prm.relationship.find", "action_stop", []),
            ("prm.relationship.batch", "undo", [batch.ids]),
            ("prm.relationship.batch", "action_undo", [batch.ids]),
            ("prm.relationship.batch", "action_run_now", [batch.ids]),
        ]

    def _call(self, model, method, args):
        return self.make_jsonrpc_request(
            "/web/dataset/call_kw",
            {"model": model, "method": method, "args": args, "kwargs": {}},
        )

    def test_salespeople_and_portal_users_are_refused_by_rpc(self):
        batch = self._make(self.shop)
        seller = new_test_user(
            self.env, "prm_all", password="prm_all_prm_all", groups=SALES_ALL
        )
        portal = "prm_portal_alpha"
        for login, password in ((seller.login, "prm_all_prm_all"), (portal, portal)):
            self.authenticate(login, password)
            for model, method, args in self._calls(batch):
                with (
                    self.subTest(login=login, method=method),
                    mute_logger(*MUTED),
                    self.assertRaisesRegex(JsonRpcException, "AccessError"),
                ):
                    self._call(model, method, args)
        self.assertTrue(self._relationship(self.shop))

    def test_a_manager_may_by_rpc_what_the_page_does(self):
        manager = new_test_user(
            self.env, "prm_boss", password="prm_boss_prm_boss", groups=SALES_MANAGER
        )
        self.authenticate(manager.login, "prm_boss_prm_boss")
        action = self._call("prm.relationship.find", "action_open", [])
        self.assertEqual(action["res_model"], "prm.relationship.find.line")
        self._call("prm.relationship.find", "tick", [False, []])
        ours = [["partner_id", "=", self.shop.id]]
        self._call("prm.relationship.find", "tick", [True, ours])
        made = self._call("prm.relationship.find", "make", [])
        self.assertEqual((made["done"], made["left"]), (1, 0))
        batch = made["action"]["res_id"]
        undone = self._call("prm.relationship.batch", "undo", [[batch]])
        self.assertEqual((undone["done"], undone["left"]), (1, 0))

    def test_list_and_batch_are_not_written_by_hand(self):
        batch = self._make(self.shop).with_user(self.manager)
        self._create_customer("Other")
        self.find.action_open()
        line = self.lines.search([], limit=1)
        for call in (
            lambda: self.lines.create({"partner_id": self.alpha.id}),
            line.unlink,
            lambda: self.find._get_own().write({"min_orders": 0}),
            lambda: batch.write({"count": 9}),
            lambda: batch.copy(),
            batch.unlink,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_forged_line_makes_nobody_who_may_not_be(self):
        """The list is looked at again when resellers are made of it."""
        self.find.action_open()
        line = self._line(self.shop)
        for partner in (
            self.company_a.partner_id,
            self.employee.partner_id,
            self.user_alpha.partner_id,
            self.alpha,
        ):
            line.sudo().partner_id = partner
            self.find.tick(False, [])
            line.ticked = True
            batch = self._finish()
            self.assertEqual((batch.count, batch.skipped_count), (0, 1))
            self.find.action_open()
            line = self._line(self.shop)

    def test_another_manager_neither_sees_nor_ticks_my_list(self):
        self._found()
        line = self._line(self.shop)
        second = new_test_user(self.env, "prm_second", groups=SALES_MANAGER)
        with self.assertRaises(AccessError):
            line.with_user(second).read(["ticked"])
        with self.assertRaises(AccessError):
            line.with_user(second).write({"ticked": False})
        self.find.with_user(second).action_open()
        self.find.with_user(second).tick(False, [("id", "=", line.id)])
        self.assertTrue(line.ticked)

    def test_batch_of_another_company_is_out_of_reach(self):
        batch = self._make(self.shop)
        second = new_test_user(
            self.env,
            "prm_second",
            groups=SALES_MANAGER,
            company_id=self.company_b.id,
            company_ids=[(6, 0, self.company_b.ids)],
        )
        theirs = batch.with_user(second)
        for call in (theirs.undo, theirs.action_undo, theirs.action_run_now):
            with self.assertRaises(AccessError):
                call()
        self.assertFalse(self.find.with_user(second).get_summary()["last"])
        self.assertTrue(self._relationship(self.shop))

    def test_made_for_the_company_at_hand_only(self):
        self._buy(self.shop, company=self.company_b)
        find = self.find.with_company(self.company_b)
        find.action_open()
        find.make()
        self.assertTrue(self._relationship(self.shop, self.company_b))
        self.assertFalse(self._relationship(self.shop))


@tagged("post_install", "-at_install")
class TestLanding(FindCommon, HttpCase):
    """What the app opens on."""

    def _landing(self, user, company):
        relationships = self.env["prm.relationship"].with_user(user)
        return relationships.with_company(company)._prm_get_landing_action()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_c = cls.env["res.company"].create({"name": "New Distributor"})
        (cls.manager | cls.salesperson).company_ids |= cls.company_c

    def test_manager_of_a_new_company_finds_resellers(self):
        self._buy(self.shop, company=self.company_c)
        action = self._landing(self.manager, self.company_c)
        self.assertEqual(action["res_model"], "prm.relationship.find.line")
        lines = self.lines.search([("company_id", "=", self.company_c.id)])
        self.assertEqual(lines.partner_id, self.shop)

    def test_known_resellers_of_whatever_state_open_my_day(self):
        for user in (self.manager, self.salesperson):
            action = self._landing(user, self.company_a)
            self.assertEqual(action["tag"], "prm_partner_portal.day")
        ended = self._create_relationship(self.shop, self.company_c)
        ended.write({"state": "ended", "active": False})
        action = self._landing(self.manager, self.company_c)
        self.assertEqual(action["tag"], "prm_partner_portal.day")

    def test_others_are_told_who_finds_them(self):
        action = self._landing(self.salesperson, self.company_c)
        self.assertEqual(action["res_model"], "prm.relationship")
        self.assertIn("No resellers yet", action["help"])
        self.assertIn(self.manager.name, action["help"])
        self.assertNotIn("prm_relationship_find_action", action["help"])
        self.manager.company_ids -= self.company_c
        boss = self.env.ref("prm_partner_portal.prm_partner_portal_group_manager")
        boss.all_user_ids.filtered(
            lambda user: self.company_c in user.company_ids
        ).company_ids -= self.company_c
        action = self._landing(self.salesperson, self.company_c)
        self.assertIn("Nobody is one yet", action["help"])

    def test_name_of_a_manager_is_escaped(self):
        self.manager.name = "<img src=x onerror=alert(1)>"
        managers = self.env.ref(
            "prm_partner_portal.prm_partner_portal_group_manager"
        ).all_user_ids
        managers.filtered(
            lambda user: user != self.manager
        ).company_ids -= self.company_c
        action = self._landing(self.salesperson, self.company_c)
        self.assertIn("&lt;img", action["help"])
        self.assertNotIn("<img", action["help"])

    def test_empty_list_has_the_button_for_managers(self):
        relationships = self.env["prm.relationship"]
        for user, shown in ((self.manager, True), (self.salesperson, False)):
            text = relationships.with_user(user).get_empty_list_help("<p>Help</p>")
            self.assertIn("Help", text)
            self.assertEqual("prm_relationship_find_action" in text, shown)

    def test_server_actions_are_for_their_groups(self):
        find = self.env.ref("prm_partner_portal.prm_relationship_find_action")
        landing = self.env.ref("prm_partner_portal.prm_relationship_action_landing")
        self.assertTrue(find.with_user(self.manager).run())
        self.assertTrue(landing.with_user(self.salesperson).run())
        for action, user in ((find, self.salesperson), (landing, self.employee)):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_actions"),
            ):
                action.with_user(user).run()

    def test_menu_of_the_app_opens_the_landing_page(self):
        user = new_test_user(
            self.env, "prm_menu", password="prm_menu_prm_menu", groups=SALES_OWN
        )
        self.authenticate(user.login, "prm_menu_prm_menu")
        menus = json.loads(self.url_open("/web/webclient/load_menus").text)
        root = self.env.ref("prm_partner_portal.prm_menu_root")
        landing = self.env.ref("prm_partner_portal.prm_relationship_action_landing")
        self.assertEqual(menus[str(root.id)]["actionID"], landing.id)
