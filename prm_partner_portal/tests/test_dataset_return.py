from odoo import Command
from odoo.tests import Form, freeze_time

from .nightly_common import NOW, NightlyCommon


@freeze_time(NOW)
class TestDatasetReturn(NightlyCommon):
    def _deliver(self, order):
        picking = order.picking_ids.filtered(lambda p: p.state != "done")
        picking.move_ids.write({"quantity": 0})
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking.button_validate()
        return picking

    def _return(self, picking, quantity, exchange=False):
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_model="stock.picking"
            )
        )
        wizard = form.save()
        wizard.product_return_moves.quantity = quantity
        action = (
            wizard.action_create_exchanges()
            if exchange
            else wizard.action_create_returns()
        )
        back = self.env["stock.picking"].browse(action["res_id"])
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        return back

    def test_subtracted_when_goods_come_back(self):
        order = self._sell(self.alpha, (self.apple, 10), (self.pear, 1), days_ago=9)
        other = self._sell(self.alpha, (self.plum, 5), days_ago=8)
        self._return(self._deliver(other), 2)
        self.assertEqual(
            self._get_bought(),
            [(self.apple.id, 10.0), (self.pear.id, 1.0), (self.plum.id, 3.0)],
        )
        self.assertTrue(order)
        amounts = {r["product"]: r["amount"] for r in self._extract()["orders"]}
        self.assertEqual(amounts[str(self.plum.id)], "30.0000")

    def test_gone_when_all_comes_back(self):
        order = self._sell(self.alpha, (self.apple, 4))
        self._return(self._deliver(order), 4)
        self.assertEqual(self._get_bought(), [])

    def test_once_when_sold_by_the_dozen(self):
        order = self._sell(
            self.alpha,
            {
                "product_id": self.apple.id,
                "product_uom_qty": 2,
                "product_uom_id": self.dozen.id,
            },
        )
        self._return(self._deliver(order), 6)
        self.assertEqual(self._get_bought(), [(self.apple.id, 18.0)])

    def test_not_subtracted_when_exchanged(self):
        order = self._sell(self.alpha, (self.apple, 10))
        self._return(self._deliver(order), 4, exchange=True)
        self._deliver(order)
        self.assertEqual(self._get_bought(), [(self.apple.id, 10.0)])

    def test_not_subtracted_when_the_return_is_returned(self):
        order = self._sell(self.alpha, (self.apple, 10))
        back = self._return(self._deliver(order), 4)
        self.assertEqual(self._get_bought(), [(self.apple.id, 6.0)])
        self._return(back, 4)
        self.assertEqual(self._get_bought(), [(self.apple.id, 10.0)])

    def test_open_rest_counts_when_part_was_delivered_and_returned(self):
        order = self._sell(self.alpha, (self.apple, 10))
        picking = order.picking_ids
        picking.move_ids.quantity = 6
        picking.move_ids.picked = True
        picking._action_done()
        self._return(picking, 2)
        self.assertEqual(self._get_bought(), [(self.apple.id, 8.0)])

    def test_latest_purchase_shrinks_when_a_line_is_negative(self):
        first = self._sell(self.alpha, (self.apple, 10), days_ago=30)
        second = self._sell(self.alpha, (self.apple, 4), days_ago=20)
        self._sell(self.alpha, (self.apple, -6), days_ago=10)
        third = self._sell(self.alpha, (self.apple, 7), days_ago=5)
        self._sell(self.both, (self.apple, 4), days_ago=20)
        rows = {
            row["order"]: row["quantity"]
            for row in self._extract()["orders"]
            if row["reseller"] == str(self.rel_alpha.id)
        }
        self.assertEqual(rows, {str(first.id): "8", str(third.id): "7"})
        self.assertNotIn(str(second.id), rows)

    def test_ignored_when_nothing_was_bought_before(self):
        self._sell(self.alpha, (self.apple, -6), days_ago=10)
        self._sell(self.alpha, (self.apple, 2), days_ago=5)
        self.assertEqual(self._get_bought(), [(self.apple.id, 2.0)])

    def test_several_negative_lines_take_from_the_pile(self):
        for quantity, days in ((5, 50), (3, 40), (-2, 30), (4, 20), (-6, 10)):
            self._sell(self.alpha, (self.apple, quantity), days_ago=days)
        # 5 | 5 3 | 5 1 | 5 1 4 | 4
        self.assertEqual(self._get_bought(), [(self.apple.id, 4.0)])

    def test_same_order_counts_as_earlier(self):
        self._sell(self.alpha, (self.apple, -1), (self.apple, 5))
        self.assertEqual(self._get_bought(), [(self.apple.id, 4.0)])


@freeze_time(NOW)
class TestDatasetSuccessor(NightlyCommon):
    def test_history_moves_when_a_product_has_successors(self):
        self._sell(self.alpha, (self.apple, 1))
        self._sell(self.alpha, (self.pear, 2))
        self.apple.product_tmpl_id.prm_successor_id = self.pear.product_tmpl_id
        self.pear.product_tmpl_id.prm_successor_id = self.plum.product_tmpl_id
        self.apple.action_archive()
        rows = self._extract()
        self.assertCountEqual(
            [(row["product"], row["quantity"]) for row in rows["orders"]],
            [(str(self.plum.id), "1"), (str(self.plum.id), "2")],
        )
        offered = {int(row["product"]) for row in rows["products"]}
        self.assertFalse(offered & {self.apple.id, self.pear.id})
        self.assertIn(self.plum.id, offered)

    def test_same_values_when_the_successor_has_variants(self):
        color = self.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [Command.create({"name": n}) for n in ("Red", "Blue")],
            }
        )

        def create(name, values):
            return self.env["product.template"].create(
                {
                    "name": name,
                    "attribute_line_ids": [
                        Command.create(
                            {
                                "attribute_id": color.id,
                                "value_ids": [Command.set(values.ids)],
                            }
                        )
                    ],
                }
            )

        old, new = create("Old", color.value_ids), create("New", color.value_ids)
        old.prm_successor_id = new
        red, blue = old.product_variant_ids
        self._sell(self.alpha, (red, 1), (blue, 2))
        new_red, new_blue = new.product_variant_ids
        self.assertEqual(self._get_bought(), [(new_red.id, 1.0), (new_blue.id, 2.0)])
        new_blue.action_archive()
        self.assertEqual(self._get_bought(), [(new_red.id, 1.0), (new_red.id, 2.0)])

    def test_units_are_converted_when_the_successor_has_another(self):
        self.pear.uom_id = self.dozen
        self.apple.product_tmpl_id.prm_successor_id = self.pear.product_tmpl_id
        self._sell(self.alpha, (self.apple, 24))
        self.assertEqual(self._get_bought(), [(self.pear.id, 2.0)])


@freeze_time(NOW)
class TestDatasetAllowed(NightlyCommon):
    def test_segments_when_tiers_and_assortments_differ(self):
        assortment = self.env["prm.assortment"].create(
            {
                "name": "Only pears",
                "line_ids": [
                    Command.create({"product_tmpl_id": self.pear.product_tmpl_id.id})
                ],
            }
        )
        self.rel_alpha.assortment_ids = assortment
        rows = self._extract()
        segments = {int(row["reseller"]): row["segment"] for row in rows["resellers"]}
        allowed = {}
        for row in rows["allowed"]:
            allowed.setdefault(row["segment"], set()).add(int(row["product"]))
        self.assertEqual(allowed[segments[self.rel_alpha.id]], {self.pear.id})
        self.assertGreaterEqual(
            allowed[segments[self.rel_both_a.id]], {self.apple.id, self.pear.id}
        )

    def test_attributes_of_products_and_resellers(self):
        self.pear.product_tmpl_id.prm_sales_pack = 6
        self.rel_alpha.grade_id = self.gold_a
        self.alpha.country_id = self.env.ref("base.id")
        rows = self._extract()
        pear = next(r for r in rows["products"] if r["product"] == str(self.pear.id))
        self.assertEqual(float(pear["pack"]), 6.0)
        self.assertEqual(float(pear["price"]), 10.0)
        self.assertEqual(pear["category"], str(self.pear.categ_id.id or ""))
        alpha = next(
            r for r in rows["resellers"] if r["reseller"] == str(self.rel_alpha.id)
        )
        self.assertEqual(alpha["tier"], str(self.gold_a.id))
        self.assertEqual(alpha["country"], str(self.env.ref("base.id").id))

    def test_excluded_when_dismissed_a_week_ago_and_still_resting(self):
        Event = self.env["prm.recommendation.event"]

        def dismiss(product, date, rest_until):
            return Event.create(
                {
                    "relationship_id": self.rel_alpha.id,
                    "company_id": self.company_a.id,
                    "product_id": product.id,
                    "type": "dismissed",
                    "date": date,
                    "rest_until": rest_until,
                }
            )

        dismiss(self.apple, "2026-03-01", "2026-06-01")
        dismiss(self.pear, "2026-03-17", "2026-06-01")
        dismiss(self.plum, "2026-01-01", "2026-02-01")
        undone = dismiss(self.product, "2026-03-01", "2026-06-01")
        Event.create(
            {
                "relationship_id": self.rel_alpha.id,
                "company_id": self.company_a.id,
                "product_id": self.product.id,
                "type": "undone",
                "date": "2026-03-02",
                "undone_id": undone.id,
            }
        )
        self.assertEqual(
            self._extract()["exclude"],
            [{"reseller": str(self.rel_alpha.id), "product": str(self.apple.id)}],
        )

    def test_statements_do_not_grow_with_resellers(self):
        def count():
            before = self.env.cr.sql_log_count
            self._extract()
            return self.env.cr.sql_log_count - before

        count()
        few = count()
        for number in range(20):
            reseller = self._create_reseller(f"Reseller {number}")
            self._create_relationship(reseller, self.company_a, self.gold_a)
            self._sell(reseller, (self.apple, 1))
        count()
        self.assertEqual(count(), few)
