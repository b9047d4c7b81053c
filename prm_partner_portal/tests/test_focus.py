from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .offers_common import TODAY, OffersCommon

DAY = TODAY.date()


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFocus(OffersCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.partner_id.tz = "UTC"
        cls.cup, cls.bowl = cls.products[:2]

    def _order(self, partner, product, quantity, days_ago=1, **values):
        order = self._create_order(partner, product, quantity, **values)
        order.action_confirm()
        order.date_order = fields.Datetime.now() - timedelta(days=days_ago)
        return order

    def _offer(self, product, event_type="offered", relationship=None, days_ago=0):
        relationship = relationship or self.relationship
        return (
            self.env["prm.recommendation.event"]
            .sudo()
            .create(
                {
                    "relationship_id": relationship.id,
                    "company_id": relationship.company_id.id,
                    "product_id": product.id,
                    "type": event_type,
                    "date": DAY - timedelta(days=days_ago),
                }
            )
        )

    # Bad input

    def test_manager_fills_the_form(self):
        with Form(self.env["prm.focus"].with_user(self.manager)) as form:
            form.name = "Overstock of cups"
            form.date_to = DAY + timedelta(days=5)
            with form.line_ids.new() as line:
                line.product_id = self.cup
                line.target = 40
        focus = form.record
        self.assertEqual((focus.date_from, focus.boost), (DAY, "medium"))
        self.assertEqual((focus.target, focus.left, focus.ordered), (40, 40, 0))
        self.assertEqual(focus.state, "running")

    def test_what_is_wrong_is_said_and_nothing_is_saved(self):
        archived, unsold = self.env["product.product"].create(
            [{"name": "Old", "active": False}, {"name": "Internal", "sale_ok": False}]
        )
        foreign = self.env["product.product"].create(
            {"name": "Foreign", "company_id": self.company_b.id}
        )
        territory = self.env["prm.territory"].create(
            {"name": "Abroad", "company_id": self.company_b.id}
        )

        def line(product, target=1):
            return {
                "line_ids": [
                    Command.create({"product_id": product.id, "target": target})
                ]
            }

        cases = [
            ({"date_to": DAY - timedelta(days=9)}, "before it begins on 03/09/2026"),
            ({"line_ids": []}, "“Overstock” names no product"),
            (line(archived), "Old is archived or cannot be sold"),
            (line(unsold), "Internal is archived or cannot be sold"),
            (line(self.cup, -3), "MUG0.*above 0, found -3"),
            (line(self.cup, 0), "above 0, found 0"),
            (line(foreign), "Foreign"),
            ({"grade_ids": self.gold_b.ids}, "Gold B"),
            ({"territory_ids": territory.ids}, "Abroad"),
        ]
        for values, message in cases:
            with (
                self.subTest(message),
                self.assertRaisesRegex(UserError, message),
                self.env.cr.savepoint(),
            ):
                self._focus(self.cup, **values)
        self.assertFalse(self.env["prm.focus"].search([]))

    def test_changes_are_checked_as_well(self):
        focus = self._focus(self.cup | self.bowl)
        cases = [
            {"date_from": DAY + timedelta(days=90)},
            {"line_ids": [Command.clear()]},
            {"company_id": self.company_b.id, "grade_ids": self.gold_a.ids},
            {"line_ids": [Command.update(focus.line_ids[0].id, {"target": -1})]},
        ]
        for values in cases:
            with (
                self.subTest(values),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                focus.write(values)
        self.cup.company_id = self.company_a
        with self.assertRaises(UserError), self.env.cr.savepoint():
            focus.company_id = self.company_b
        twice = {"product_id": self.cup.id, "target": 2, "focus_id": focus.id}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, "prm_focus_line_product_unique"),
        ):
            self.env["prm.focus.line"].create(twice)

    def test_tier_and_territory_of_a_focus_are_not_deleted(self):
        here = self.env["prm.territory"].create({"name": "Here"})
        tier, _pricelist = self._create_tier("Wood", self.company_a, 1)
        focus = self._focus(self.cup, grade_ids=tier.ids, territory_ids=here.ids)
        for record in (tier, here):
            with (
                self.subTest(record._name),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                record.unlink()
        focus.unlink()
        here.unlink()
        tier.unlink()

    def test_salespeople_read_and_strangers_do_not(self):
        focus = self._focus(self.cup)
        seller = focus.with_user(self.salesperson)
        self.assertEqual((seller.target, seller.left), (100, 100))
        self.assertEqual(seller.line_ids.left, 100)
        with self.assertRaises(AccessError):
            seller.name = "Mine"
        with self.assertRaises(AccessError):
            seller.line_ids.target = 1
        with self.assertRaises(AccessError):
            self.env["prm.focus"].with_user(self.salesperson).create({"name": "x"})
        for user in (self.stranger, self.employee, self.user_alpha):
            with self.assertRaises(AccessError):
                focus.with_user(user).read(["name"])
        self.assertFalse(self.env["prm.focus"].with_user(self.stranger).search([]))

    # How far it is

    def test_state_follows_the_company_s_day(self):
        day = timedelta(days=1)
        planned = self._focus(self.cup, date_from=DAY + day)
        running = self._focus(self.cup, date_from=DAY, date_to=DAY)
        over = self._focus(self.cup, date_to=DAY - day)
        for focus, state in (
            (planned, "planned"),
            (running, "running"),
            (over, "over"),
        ):
            self.assertEqual(focus.state, state)
            found = self.env["prm.focus"].search([("state", "=", state)])
            self.assertEqual(found, focus)
        self.company_a.partner_id.tz = "Pacific/Kiritimati"
        with freeze_time("2026-03-16 10:30:00"):  # the 17th over there
            self.env.invalidate_all()
            self.assertEqual(planned.state, "running")
            self.assertEqual(running.state, "over")

    def test_ordered_counts_confirmed_orders_of_the_period_in_own_units(self):
        focus = self._focus(self.cup | self.bowl)
        self._order(self.alpha, self.cup, 30)
        dozen = self._order(self.both, self.cup, 2)
        dozen.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self._order(self.alpha, self.bowl, 150)
        self._order(self.alpha, self.cup, 500, days_ago=8)
        self._create_order(self.alpha, self.cup, 500)
        self._order(self.beta, self.cup, 500, company=self.company_b)
        nobody = self._create_reseller("No reseller")
        self._order(nobody, self.cup, 500)
        cup, bowl = focus.line_ids
        self.assertEqual((cup.ordered, cup.left), (54, 46))
        self.assertEqual((bowl.ordered, bowl.left), (150, 0))
        self.assertEqual((focus.target, focus.ordered, focus.left), (200, 204, 46))
        self.assertEqual(focus.progress, 77)

    def test_day_of_an_order_is_the_company_s(self):
        focus = self._focus(self.cup, date_from=DAY, date_to=DAY)
        order = self._order(self.alpha, self.cup, 5)
        order.date_order = "2026-03-15 20:00:00"
        self.assertEqual(focus.ordered, 0)
        self.company_a.partner_id.tz = "Asia/Tokyo"  # the 16th over there
        self.env.invalidate_all()
        self.assertEqual(focus.ordered, 5)

    def test_offered_counts_resellers_once(self):
        focus = self._focus(self.cup | self.bowl)
        for event_type in ("shown", "offered", "added"):
            self._offer(self.cup, event_type)
        self._offer(self.bowl)
        self._offer(self.bowl, relationship=self.rel_both_a)
        self._offer(self.cup, "dismissed", relationship=self.rel_both_a)
        self._offer(self.cup, relationship=self.rel_both_a, days_ago=8)
        self._offer(self.products[3], relationship=self.rel_both_a)
        self._offer(self.cup, relationship=self.rel_both_a)._undo()
        cup, bowl = focus.line_ids
        self.assertEqual((cup.reseller_count, bowl.reseller_count), (1, 2))
        self.assertEqual(focus.reseller_count, 2)

    def test_tiers_and_territories_say_who_counts(self):
        here = self.env["prm.territory"].create({"name": "Here"})
        self.rel_alpha.territory_id = here
        gold = self._focus(self.cup, grade_ids=self.gold_a.ids)
        near = self._focus(self.cup, territory_ids=here.ids)
        neither = self._focus(
            self.cup, grade_ids=self.gold_a.ids, territory_ids=here.ids
        )
        self._order(self.alpha, self.cup, 3)
        self._order(self.both, self.cup, 5)
        self._offer(self.cup)
        self.assertEqual([one.ordered for one in gold + near + neither], [5, 3, 0])
        self.assertEqual(
            [one.reseller_count for one in gold + near + neither], [0, 1, 0]
        )

    def test_number_of_statements_does_not_grow(self):
        def count(focuses):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            seen = focuses.with_user(self.manager).web_read(
                {"target": {}, "reseller_count": {}, "ordered": {}, "left": {}}
            )
            self.assertEqual(len(seen), len(focuses))
            return self.env.cr.sql_log_count - before

        focuses = self._focus(self.cup)
        for number in range(7):
            focuses |= self._focus(self.products, name=f"Focus {number}")
        self._order(self.alpha, self.cup, 3)
        self._offer(self.cup)
        count(focuses)
        few, many = count(focuses[0]), count(focuses)
        self.assertEqual(few, many)

    def test_copy_keeps_products(self):
        focus = self._focus(self.cup | self.bowl)
        copy = focus.copy()
        self.assertEqual(copy.line_ids.product_id, self.cup | self.bowl)
        self.assertEqual(copy.line_ids.mapped("target"), [100, 100])
        self.assertEqual(copy.date_from, date(2026, 3, 9))
