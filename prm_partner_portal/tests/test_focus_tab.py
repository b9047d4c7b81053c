from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .offers_common import TODAY, OffersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestFocusTab(OffersCommon):
    """Products 0 to 4 are due, 5 to 7 are new; tray and vase are not in the list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tray, cls.vase, cls.lamp = cls.env["product.product"].create(
            [{"name": "Tray"}, {"name": "Vase"}, {"name": "Lamp"}]
        )

    def _get_focused(self, **order):
        offers = self._get_offers(**order)
        rows = offers["due"] + offers["new"] + offers["together"]
        return [row["id"] for row in rows if row["focus"]]

    def test_listed_product_rises_with_the_name_of_the_focus(self):
        self._focus(self.products[7], name="Supplier's bonus")
        offers = self._get_offers()
        self.assertEqual(
            [row["id"] for row in offers["new"]],
            self.products[7].ids + self.products[5:7].ids,
        )
        row = offers["new"][0]
        self.assertEqual(row["reasons"][0], "Focus: Supplier's bonus")
        self.assertEqual((row["focus"], row["extra"]), ("Supplier's bonus", False))
        self.assertEqual([row["id"] for row in offers["due"]], self.products[:5].ids)

    def test_boost_says_how_far(self):
        recommended = self.env["prm.recommendation"].search([("kind", "=", "new")])
        for one, chance in zip(
            recommended.sorted("rank"), (0.5, 0.3, 0.15), strict=True
        ):
            one.probability = chance
        for boost, place in (("low", 2), ("medium", 1), ("high", 0)):
            focus = self._focus(self.products[7], boost=boost)
            ids = [row["id"] for row in self._get_offers()["new"]]
            self.assertEqual(ids.index(self.products[7].id), place, boost)
            focus.active = False

    def test_product_outside_the_list_is_added(self):
        self._focus(self.tray)
        row = self._get_row(self.tray)
        self.assertEqual(row["reasons"], ["Focus: Overstock"])
        self.assertEqual((row["kind"], row["price"], row["quantity"]), ("new", 1, 1))
        self.assertIs(row["extra"], True)
        self._bought(self.tray, 300, 4)
        row = self._get_row(self.tray)
        self.assertEqual((row["kind"], row["due"], row["quantity"]), ("due", False, 4))

    def test_two_at_most_the_strongest_first(self):
        self._focus(self.tray | self.vase | self.products[6], boost="medium")
        self.assertEqual(self._get_focused(), [self.products[6].id, self.tray.id])
        self._focus(self.vase | self.lamp, name="Bonus", boost="high")
        offers = self._get_offers()
        rows = {row["id"]: row["focus"] for row in offers["new"] if row["focus"]}
        self.assertEqual(rows, dict.fromkeys((self.vase | self.lamp).ids, "Bonus"))
        # What is listed stays in the list, without the label.
        self.assertIn(self.products[6].id, [row["id"] for row in offers["new"]])

    def test_nothing_due_is_hidden(self):
        more = self.env["product.product"].create(
            [{"name": f"Bought {n}"} for n in range(10)]
        )
        self._recommend(self.rel_both_a, more)
        last = self.env["prm.recommendation"].search([("product_id", "=", more[9].id)])
        last.due_date = TODAY + timedelta(days=90)
        for product in self.tray, self.vase:
            order = self._create_order(self.both, product, 2)
            order.action_confirm()
            order.picking_ids.move_ids._action_cancel()
        self._focus(more[9] | self.tray, boost="high")
        offers = self._get_offers(relationship=self.rel_both_a)
        ids = [row["id"] for row in offers["due"]]
        self.assertEqual(ids[0], more[9].id)
        self.assertLess(set(more[:8].ids), set(ids))
        self.assertEqual(len(ids), 10)
        self.assertIn(self.tray.id, ids)

    def test_never_dismissed_in_the_order_or_not_sold(self):
        focus = self._focus(self.tray)
        seller = self.relationship.with_user(self.manager)
        self.assertEqual(self._get_focused(), self.tray.ids)
        self.assertFalse(self._get_focused(product_ids=self.tray.ids))
        self.tray.sale_ok = False
        self.assertFalse(self._get_focused())
        self.tray.sale_ok = True
        assortment = self.env["prm.assortment"].create(
            {
                "name": "Without",
                "relationship_ids": [Command.link(self.relationship.id)],
                "line_ids": [
                    Command.create(
                        {
                            "mode": "exclude",
                            "product_tmpl_id": self.tray.product_tmpl_id.id,
                        }
                    )
                ],
            }
        )
        self.assertFalse(self._get_focused())
        assortment.active = False
        self.assertEqual(self._get_focused(), self.tray.ids)
        seller.record_shown(self.tray.ids, {"order_id": False})
        seller.dismiss_offer(self.tray.id, "enough")
        self.assertFalse(self._get_focused())
        self.assertEqual(focus.reseller_count, 1)

    def test_out_of_stock_is_not_added(self):
        self.tray.is_storable = True
        self._focus(self.tray)
        self.assertFalse(self._get_focused())
        self._set_stock(self.tray, 3)
        self.assertEqual(self._get_focused(), self.tray.ids)

    def test_only_for_its_tiers_territories_period_and_company(self):
        here = self.env["prm.territory"].create({"name": "Here"})
        day = timedelta(days=1)
        focus = self._focus(self.tray, grade_ids=self.gold_a.ids)
        self.assertFalse(self._get_focused())
        self.relationship.grade_id = self.gold_a
        self.assertEqual(self._get_focused(), self.tray.ids)
        focus.territory_ids = here
        self.assertFalse(self._get_focused())
        self.relationship.territory_id = here
        self.assertEqual(self._get_focused(), self.tray.ids)
        for values in (
            {"date_from": TODAY.date() + day},
            {"date_from": TODAY.date() - 9 * day, "date_to": TODAY.date() - day},
            {"date_to": TODAY.date(), "active": False},
        ):
            focus.write(values)
            self.assertFalse(self._get_focused(), values)
        focus.write({"active": True})
        self.assertEqual(self._get_focused(), self.tray.ids)
        self._focus(self.vase, company_id=self.company_b.id)
        self.assertEqual(self._get_focused(), self.tray.ids)

    def test_goes_with_and_focus_are_said_together(self):
        self._goes_with(self.products[0], self.tray)
        self._focus(self.tray)
        offers = self._get_offers(product_ids=self.products[0].ids)
        self.assertFalse(offers["together"])
        (row,) = (row for row in offers["new"] if row["id"] == self.tray.id)
        self.assertEqual(
            row["reasons"], ["Focus: Overstock", "Goes with Mug 0 in this order"]
        )

    def test_reseller_s_own_ranking_is_left_alone(self):
        before = self.env["prm.recommendation"].search([]).read(["reseller_rank"])
        self._focus(self.products[7] | self.tray, boost="high")
        self._get_offers()
        after = self.env["prm.recommendation"].search([]).read(["reseller_rank"])
        self.assertEqual(before, after)

    def test_list_of_recommendations_names_the_focus(self):
        self._focus(self.products[6] | self.tray, name="Bonus")
        recommended = self.env["prm.recommendation"].with_user(self.manager)
        recommended = recommended.search(
            [("relationship_id", "=", self.relationship.id), ("kind", "=", "new")],
            order="rank",
        )
        self.assertEqual(recommended.mapped("focus"), [False, "Bonus", False])
        recommended.invalidate_recordset(["focus"])
        with self.assertQueryCount(1):
            recommended.mapped("focus")

    # Where there is no order yet

    def _get_call(self):
        return self.relationship.with_user(self.manager).get_call()

    def test_call_names_the_focus_and_hides_nothing_due(self):
        self._focus(self.products[7] | self.tray | self.vase, name="Bonus")
        before = {row["id"] for row in self._get_offers()["due"]}
        call = self._get_call()
        rows = {row["id"]: row for name in ("due", "new") for row in call[name]}
        focused = [one for one, row in rows.items() if row["focus"] == "Bonus"]
        self.assertEqual(set(focused), {self.products[7].id, self.tray.id})
        self.assertEqual(rows[self.tray.id]["reasons"], ["Focus: Bonus"])
        self.assertIs(rows[self.tray.id]["extra"], True)
        self.assertNotIn(self.vase.id, rows)
        self.assertEqual(before, {row["id"] for row in call["due"]})

    def test_call_makes_room_for_what_is_in_focus(self):
        more = self.env["product.product"].create(
            [{"name": f"Due {n}"} for n in range(9)]
        )
        self._recommend(self.rel_both_a, more)
        call = self.rel_both_a.with_user(self.manager).get_call()
        shown = [row["id"] for row in call["due"]]
        self.assertEqual(shown, more[:8].ids)
        self._bought(self.tray, 200, partner_id=self.both.id)
        self._focus(self.tray, boost="high")
        call = self.rel_both_a.with_user(self.manager).get_call()
        self.assertEqual(len(call["due"]), 9)
        self.assertEqual({row["id"] for row in call["due"]}, {*shown, self.tray.id})

    def test_pushed_in_a_call_counts_for_the_focus(self):
        focus = self._focus(self.tray)
        seller = self.relationship.with_user(self.manager)
        self.assertEqual(seller.record_call(self.tray.ids + self.products[:1].ids), 2)
        self.assertEqual(seller.record_call(self.tray.ids), 0)
        self.assertEqual(self._get_events("shown").mapped("source"), ["day", "day"])
        self.assertEqual(focus.reseller_count, 1)
        answer = seller.quote_call({self.tray.id: 2})
        line = self.env["sale.order"].browse(answer["order_id"]).order_line
        self.assertEqual(line.prm_source, "day")
        # What stands out nowhere is not noted as shown.
        self.assertEqual(seller.record_call(self.vase.ids), 0)

    def _get_overview_focus(self, user=None):
        relationship = self.relationship.with_user(user or self.manager)
        return relationship.get_overview()["focus"]

    def test_page_of_the_reseller_names_the_focus(self):
        self.assertEqual(self._get_overview_focus(), [])
        self._focus(self.products[7] | self.tray | self.vase, name="Bonus")
        rows = self._get_overview_focus()
        self.assertEqual(
            sorted((row["name"], row["focus"]) for row in rows),
            [("Mug 7", "Bonus"), ("Tray", "Bonus")],
        )
        self.tray.sale_ok = False
        self.assertNotIn("Tray", [row["name"] for row in self._get_overview_focus()])
        self.relationship.write({"state": "suspended", "state_reason": "x"})
        self.assertEqual(self._get_overview_focus(), [])
