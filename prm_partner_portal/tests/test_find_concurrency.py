"""Two managers press at once: real transactions, each with its own snapshot."""

from contextlib import ExitStack, contextmanager
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import ConcurrencyError, UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

from .common import SALES_MANAGER

NUMBER = 4


@tagged("post_install", "-at_install")
class TestFindConcurrency(BaseCase):
    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.addCleanup(self._remove)
        with self._commit() as env:
            self.users = [
                new_test_user(env, f"prm_at_once_{number}", groups=SALES_MANAGER).id
                for number in range(2)
            ]
            partners = env["res.partner"].create(
                [
                    {"name": f"At Once {number}", "is_company": True}
                    for number in range(NUMBER)
                ]
            )
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": partner.id,
                        "date_order": fields.Datetime.now() - timedelta(days=day),
                    }
                    for partner in partners
                    for day in (1, 2, 3)
                ]
            )
            orders.state = "sale"
            self.partners, self.orders = partners.ids, orders.ids
        for user in self.users:
            with self._commit(user) as env:
                find = env["prm.relationship.find"]
                find.action_open()
                find.tick(False, [])
                find.tick(True, [("partner_id", "in", self.partners)])

    def _remove(self):
        with self._commit() as env:
            made = env["prm.relationship"].search(self._get_domain())
            batches = made.batch_id | env["prm.relationship.batch"].search(
                [("user_id", "in", self.users)]
            )
            made.unlink()
            batches.unlink()
            finds = env["prm.relationship.find"]
            finds.search([("create_uid", "in", self.users)]).unlink()
            orders = env["sale.order"].browse(self.orders)
            orders.state = "cancel"
            orders.unlink()
            env["res.partner"].browse(self.partners).unlink()
            users = env["res.users"].browse(self.users)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def _get_domain(self):
        return [("partner_id", "in", self.partners)]

    @contextmanager
    def _commit(self, user=SUPERUSER_ID):
        with self._transaction(user) as env:
            yield env
            env.cr.commit()

    @contextmanager
    def _transaction(self, user):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, user, {})

    def _check(self):
        """Each customer is a reseller once, and counted once.

        :return: how many each batch skipped
        """
        with self._commit() as env:
            made = env["prm.relationship"].search(self._get_domain())
            self.assertEqual(sorted(made.partner_id.ids), sorted(self.partners))
            self.assertEqual(len(made), NUMBER)
            batches = env["prm.relationship.batch"].search(
                [("user_id", "in", self.users)]
            )
            self.assertEqual(sum(batches.mapped("count")), NUMBER)
            return sorted(batches.mapped("skipped_count"))

    def test_the_second_waits_while_the_first_is_at_it(self):
        with ExitStack() as stack:
            first, second = (
                stack.enter_context(self._transaction(user)) for user in self.users
            )
            self.assertEqual(first["prm.relationship.find"].make()["done"], NUMBER)
            result = second["prm.relationship.find"].make()
            self.assertTrue(result["busy"])
            self.assertEqual((result["done"], result["left"]), (0, NUMBER))
            second.cr.rollback()
            first.cr.commit()
            result = second["prm.relationship.find"].make()
            second.cr.commit()
            self.assertEqual((result["done"], result["left"]), (NUMBER, 0))
        self.assertEqual(self._check(), [0, NUMBER])

    def test_who_began_before_the_other_ended_tries_again(self):
        with ExitStack() as stack:
            first, second = (
                stack.enter_context(self._transaction(user)) for user in self.users
            )
            second["res.users"].browse(self.users).mapped("login")  # its snapshot
            first["prm.relationship.find"].make()
            first.cr.commit()
            with self.assertRaises(ConcurrencyError):
                second["prm.relationship.find"].make()
            second.cr.rollback()
            second["res.users"].browse(self.users).mapped("login")
            result = retrying(second["prm.relationship.find"].make, second)
        self.assertEqual((result["done"], result["left"]), (NUMBER, 0))
        self._check()

    def test_relationship_made_by_hand_meanwhile_is_left_out(self):
        tries = []

        def make():
            tries.append(1)
            return env["prm.relationship.find"].make()

        with self._transaction(self.users[0]) as env:
            env["res.users"].browse(self.users).mapped("login")  # its snapshot
            with self._commit() as other:
                other["prm.relationship"].create({"partner_id": self.partners[0]})
            result = retrying(make, env)
        self.assertEqual(len(tries), 2)
        self.assertEqual((result["done"], result["left"]), (NUMBER, 0))
        with self._commit() as env:
            batch = env["prm.relationship.batch"].browse(result["action"]["res_id"])
            self.assertEqual((batch.count, batch.skipped_count), (NUMBER - 1, 1))

    def test_taken_back_by_two_at_once(self):
        with self._commit(self.users[0]) as env:
            batch = env["prm.relationship.find"].make()["action"]["res_id"]
        with ExitStack() as stack:
            first, second = (
                stack.enter_context(self._transaction(user)) for user in self.users
            )
            second["res.users"].browse(self.users).mapped("login")  # its snapshot
            first["prm.relationship.batch"].browse(batch).undo()
            first.cr.commit()
            with (
                self.assertRaisesRegex(UserError, "undone already"),
                mute_logger("odoo.sql_db"),
            ):
                retrying(second["prm.relationship.batch"].browse(batch).undo, second)
        with self._commit() as env:
            made = env["prm.relationship"].search(self._get_domain())
            self.assertFalse(made)
            self.assertEqual(
                env["prm.relationship.batch"].browse(batch).undone_count, NUMBER
            )
