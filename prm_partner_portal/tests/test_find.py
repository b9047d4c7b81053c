from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import SALES_MANAGER, SALES_OWN
from .find_common import FindCommon


@tagged("post_install", "-at_install")
class TestFind(FindCommon):
    """Who is proposed, and with what figures."""

    # How much, how long ago

    def test_customers_with_enough_orders_in_time(self):
        few = self._create_customer("Few", orders=2)
        old = self._create_customer("Old", days=400)
        found = self._found()
        self.assertIn(self.shop, found)
        self.assertFalse(found & (few | old))
        self.assertIn(few, self._found(orders=2))
        self.assertNotIn(old, self._found(orders=2))
        self.assertIn(old, self._found(orders=3, months=24))
        self.assertFalse(self._found(orders=4))

    def test_only_confirmed_orders_count(self):
        for state in ("draft", "sent", "cancel"):
            partner = self._create_reseller(f"Only {state}")
            self._buy(partner).state = state
            self.assertNotIn(partner, self._found())

    def test_first_day_begins_at_midnight_where_the_company_is(self):
        self.company_a.partner_id.tz = "Asia/Jakarta"
        orders = self._buy(self._create_reseller("Edge"))
        partner = orders.partner_id
        with freeze_time("2026-03-15 18:00:00"):  # the 16th in Jakarta
            orders.date_order = datetime(2025, 3, 15, 17, 0, 0)
            self.assertIn(partner, self._found())
            orders[0].date_order = datetime(2025, 3, 15, 16, 59, 59)
            self.assertNotIn(partner, self._found())

    def test_limits_that_make_no_sense_are_refused_in_words(self):
        self.find.action_open()
        wrong = 0, -1, 10_001, 10**30, 2.5, True, "3", None, False, [3]
        for value in wrong:
            with self.assertRaisesRegex(ValidationError, "Orders: .* from 1 to 10000"):
                self.find.recount(value, 12)
            with self.assertRaisesRegex(ValidationError, "Months: .* from 1 to 120"):
                self.find.recount(3, value if value != 10_001 else 121)
        summary = self.find.get_summary()
        self.assertEqual((summary["min_orders"], summary["months"]), (3, 12))
        self.assertNotIn(self.shop, self._found(orders=10_000, months=120))

    # Who

    def test_companies_and_contacts_with_a_tax_id(self):
        person = self._create_customer("Person", is_company=False)
        trader = self._create_customer("Trader", is_company=False, vat="DE1")
        exempt = self._create_customer("Exempt", is_company=False, vat="/")
        blank = self._create_customer("Blank", is_company=False, vat=" ")
        found = self._found()
        self.assertIn(trader, found)
        self.assertFalse(found & (person | exempt | blank))

    def test_orders_of_contacts_count_for_their_company(self):
        company = self._create_customer("Company", orders=1)
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": company.id}
        )
        self.assertNotIn(company, self._found())
        self._buy(contact, orders=2, days=3)
        found = self._found()
        self.assertIn(company, found)
        self.assertNotIn(contact, found)
        line = self._line(company)
        self.assertEqual((line.order_count, line.turnover), (3, 60))
        today = self.company_a._prm_get_today()
        self.assertEqual((today - line.last_order_date).days, 3)

    def test_only_orders_of_the_company_at_hand_count(self):
        elsewhere = self._create_reseller("Elsewhere")
        self._buy(elsewhere, company=self.company_b)
        self.assertNotIn(elsewhere, self._found())
        found = self._found(self.company_b)
        self.assertIn(elsewhere, found)
        self.assertNotIn(self.shop, found)

    def test_partners_of_another_company_are_left_out(self):
        self.shop.company_id = self.company_b
        self.assertNotIn(self.shop, self._found())
        self.shop.company_id = self.company_a
        self.assertIn(self.shop, self._found())

    def test_archived_own_and_inner_partners_are_left_out(self):
        archived = self._create_customer("Archived")
        archived.active = False
        ours = self.company_b.partner_id
        with mute_logger("odoo.addons.base.models.res_users"):
            user = new_test_user(self.env, "prm_inner", groups=SALES_OWN)
        left = new_test_user(self.env, "prm_left", groups=SALES_OWN)
        left.active = False
        inner = (user | left).partner_id
        inner.write({"is_company": True, "active": True})
        staff = self._create_customer("Staff", employee=True)
        public = self.env.ref("base.public_partner")
        template = self.env.ref("base.template_portal_user_id").partner_id
        odoobot = self.env.ref("base.partner_root")
        special = public | template | odoobot
        special.write({"is_company": True, "active": True})
        for partner in ours | inner | special:
            self._buy(partner)
        left_out = archived | ours | inner | staff | special
        self.assertFalse(self._found() & left_out)
        self.assertIn(self.shop, self._found())

    def test_a_reseller_with_a_portal_user_is_found(self):
        buyer = self._create_portal_user("shop", self.shop)
        self.assertIn(self.shop, self._found())
        self._buy(buyer.partner_id)
        self.assertEqual(self._line(self.shop).order_count, 3)
        self._found()
        self.assertEqual(self._line(self.shop).order_count, 6)

    def test_known_ones_are_not_shown_in_whatever_state(self):
        for state in ("candidate", "active", "suspended"):
            known = self._create_customer(f"Known {state}")
            relationship = self._create_relationship(known, self.company_a, state=state)
            self.assertNotIn(known, self._found())
        relationship.state = "ended"
        self.assertNotIn(known, self._found())
        relationship.active = False
        self.assertNotIn(known, self._found())
        relationship.unlink()
        self.assertIn(known, self._found())

    def test_known_to_another_company_is_shown(self):
        self._create_relationship(self.shop, self.company_b)
        self.assertIn(self.shop, self._found())

    # Figures and proposals

    def test_turnover_is_in_the_currency_of_the_company(self):
        foreign = self._create_reseller("Foreign")
        orders = self._buy(foreign)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET currency_rate = 4 WHERE id = ANY(%s)", [orders.ids]
        )
        orders.invalidate_recordset()
        self._found()
        self.assertAlmostEqual(self._line(foreign).turnover, 15)

    def test_salesperson_is_the_partner_s_else_the_territory_s(self):
        germany = self.env.ref("base.de")
        territory = self.env["prm.territory"].create(
            {
                "name": "Germany",
                "country_ids": germany.ids,
                "user_id": self.salesperson.id,
            }
        )
        self.shop.country_id = germany
        self._found()
        line = self._line(self.shop)
        self.assertEqual(line.territory_id, territory)
        self.assertEqual(line.user_id, self.salesperson)
        self.shop.user_id = self.manager
        self._found()
        self.assertEqual(self._line(self.shop).user_id, self.manager)
        # Who has left, or works for another company only, is no salesperson
        self.manager.copy({"login": "prm_gone", "active": False})
        gone = self.env["res.users"].with_context(active_test=False)
        for user in (gone.search([("login", "=", "prm_gone")]), self.stranger):
            self.shop.user_id = user
            self._found()
            self.assertEqual(self._line(self.shop).user_id, self.salesperson)
        territory.user_id = self.stranger
        self._found()
        self.assertFalse(self._line(self.shop).user_id)

    def test_tier_is_the_partner_s_unless_another_company_gave_it(self):
        silver = self.env["res.partner.grade"].create({"name": "Silver"})
        for grade, expected in (
            (silver, silver),
            (self.gold_a, self.gold_a),
            (self.gold_b, silver.browse()),
        ):
            self.shop.grade_id = grade
            self._found()
            self.assertEqual(self._line(self.shop).grade_id, expected)

    # Ticks

    def test_all_are_ticked_and_unticking_outlives_a_new_count(self):
        other = self._create_customer("Other")
        self._found()
        self.assertTrue(self._line(self.shop).ticked and self._line(other).ticked)
        self._line(self.shop).ticked = False
        summary = self.find.get_summary()
        self.assertEqual(summary["found"] - summary["ticked"], 1)
        self._found(orders=2)
        self.assertFalse(self._line(self.shop).ticked)
        self.assertTrue(self._line(other).ticked)

    def test_ticking_follows_the_filter(self):
        other = self._create_customer("Other", orders=5)
        self._found()
        self.find.tick(False, [("order_count", ">", 4)])
        self.assertFalse(self._line(other).ticked)
        self.assertTrue(self._line(self.shop).ticked)
        self.find.tick(False, [])
        self.assertEqual(self.find.get_summary()["ticked"], 0)
        self.find.tick(True, [("partner_id", "=", other.id)])
        summary = self.find.get_summary()
        self.assertEqual((summary["ticked"], summary["turnover"]), (1, 100))

    def test_each_manager_has_a_list_of_their_own(self):
        second = new_test_user(self.env, "prm_second", groups=SALES_MANAGER)
        self._found()
        theirs = self.find.with_user(second)
        theirs.action_open()
        theirs.tick(False, [])
        self.assertTrue(self._line(self.shop).ticked)
        self.assertFalse(
            self.lines.with_user(second).search([]) & self.lines.search([])
        )

    def test_page_that_expired_is_made_anew(self):
        self._found()
        self.env["prm.relationship.find"].search([]).unlink()
        self.assertFalse(self.lines.search([]))
        summary = self.find.get_summary()
        self.assertTrue(summary["fresh"])
        self.assertTrue(self._line(self.shop))
        self.assertFalse(self.find.get_summary()["fresh"])

    def test_statements_do_not_grow_with_customers(self):
        self._found()
        self.env.flush_all()

        def count():
            before = self.env.cr.sql_log_count
            self.find.action_open()
            self.find.get_summary()
            return self.env.cr.sql_log_count - before

        few = count()
        self._create_customers(40)
        self.env.flush_all()
        count()
        self.assertLessEqual(count(), few)
        self.assertGreater(self.find.get_summary()["found"], 40)

    def _create_customers(self, number):
        for index in range(number):
            self._create_customer(f"Many {index}")

    def test_customer_can_be_looked_at(self):
        self._found()
        action = self._line(self.shop).action_open_partner()
        self.assertEqual(action["res_id"], self.shop.id)
