from datetime import timedelta

from odoo import fields
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .common import SALES_MANAGER
from .offers_common import OffersCommon


@tagged("post_install", "-at_install")
class TestOrderTabTour(OffersCommon, HttpCase):
    """The tab and the catalogue as a salesperson uses them, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            "prm_tour",
            groups=f"{SALES_MANAGER},product.group_product_pricelist",
        )
        cls._show_discounts()
        cls.tax = cls.env["account.tax"].create({"name": "Ours", "amount": 11})
        cls.products.taxes_id = cls.tax
        cls.list_a.item_ids.unlink()
        cls._create_rule(cls.list_a, compute_price="percentage", percent_price=20)
        cls._create_rule(
            cls.list_a,
            applied_on="0_product_variant",
            product_id=cls.products[0].id,
            compute_price="fixed",
            fixed_price=7.77,
            min_quantity=10,
        )
        cls.relationship.grade_id = cls.gold_a

    def test_from_the_customer_to_the_confirmed_order(self):
        self.start_tour(
            "/odoo/orders/new", "prm_partner_portal.order_tab", login="prm_tour"
        )
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.alpha.id)], limit=1
        )
        self.assertEqual(order.state, "sale")
        lines = order.order_line
        added = self.products[0] | self.products[1] | self.products[3:5]
        self.assertEqual(lines.product_id, added)
        self.assertEqual(lines.mapped("product_uom_qty"), [12, 5, 5, 5])
        self.assertEqual(set(lines.mapped("prm_source")), {"order"})
        self.assertEqual(lines.mapped("prm_rank"), [1, 2, 4, 5])
        self._check_as_typed_by_hand(order)
        self._check_events(lines)

    def _check_as_typed_by_hand(self, order):
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.alpha
        for line in order.order_line:
            with form.order_line.new() as typed:
                typed.product_id = line.product_id
                typed.product_uom_qty = line.product_uom_qty
        by_hand = form.save()
        self.assertEqual(by_hand.pricelist_id, order.pricelist_id)
        for line, typed in zip(order.order_line, by_hand.order_line, strict=True):
            for name in (
                "name",
                "price_unit",
                "technical_price_unit",
                "discount",
                "product_uom_id",
                "tax_ids",
                "customer_lead",
                "price_subtotal",
                "price_total",
            ):
                self.assertEqual(line[name], typed[name], name)
        self.assertEqual(order.amount_total, by_hand.amount_total)
        self.assertEqual(order.order_line[0].price_unit, 7.77)
        self.assertEqual(order.order_line[1].discount, 20)

    def _check_events(self, lines):
        self.assertEqual(self._get_events("shown").product_id, self.products)
        self.assertEqual(len(self._get_events("shown")), 8)
        for event_type in ("added", "ordered"):
            events = self._get_events(event_type)
            self.assertEqual(events.order_line_id, lines)
            self.assertEqual(events.user_id, self.seller)
            self.assertAlmostEqual(
                sum(events.mapped("amount")), sum(lines.mapped("price_subtotal"))
            )
        dismissed = self._get_events("dismissed")
        self.assertEqual(set(dismissed.mapped("reason")), {"enough", "elsewhere"})
        self.assertIn("At the market", dismissed.mapped("note"))
        self.assertEqual(self._get_events("undone").undone_id.reason, "enough")
        self.assertEqual(self._get_events("offered").product_id, self.products[5])

    def test_what_goes_with_a_line_is_offered_before_it_is_saved(self):
        ink = self.env["product.product"].create({"name": "Ink"})
        self._goes_with(self.products[0], ink | self.products[4])
        today = fields.Date.today()
        self._focus(self.products[7], date_from=today, date_to=today + timedelta(3))
        self.start_tour(
            "/odoo/orders/new",
            "prm_partner_portal.order_tab_together",
            login="prm_tour",
        )
        order = self.env["sale.order"].search(
            [("partner_id", "=", self.alpha.id)], limit=1
        )
        lines = order.order_line
        self.assertEqual(lines.product_id, self.products[0] | ink)
        self.assertEqual(lines.mapped("prm_source"), ["order", "order"])
        self.assertEqual(lines[1].prm_kind, "new")
        events = self.env["prm.recommendation.event"]
        events = events.search([("product_id", "=", ink.id)], order="id")
        self.assertEqual(events.mapped("type"), ["shown", "offered", "added"])

    def test_who_is_no_reseller_shows_nothing_new(self):
        self._create_reseller("Nobody's Customer")
        self.start_tour(
            "/odoo/orders/new", "prm_partner_portal.order_tab_none", login="prm_tour"
        )

    def test_cancelled_order_is_looked_at_only(self):
        order = self._create_order(self.alpha, self.product)
        order._action_cancel()
        self.start_tour(
            f"/odoo/orders/{order.id}",
            "prm_partner_portal.order_tab_readonly",
            login="prm_tour",
        )

    def test_catalogue(self):
        order = self._create_order(self.alpha, self.product)
        self.env["product.product"].create({"name": "Not recommended"})
        self.start_tour(
            f"/odoo/orders/{order.id}",
            "prm_partner_portal.catalogue",
            login="prm_tour",
        )
        self.assertEqual(order.order_line[-1].prm_source, "catalogue")
