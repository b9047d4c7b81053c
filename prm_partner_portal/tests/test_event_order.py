from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .offers_common import TODAY, OffersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestEventOrder(OffersCommon):
    """What orders tell about recommendations."""

    def _create_from_tab(self, products=None, quantity=5, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": self.alpha.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "prm_source": "order",
                            **values,
                        }
                    )
                    for product in products or self.products[:2]
                ],
            }
        )

    def test_line_carries_what_the_recommendation_said_not_what_a_client_says(self):
        order = self._create_from_tab(prm_kind="new", prm_rank=99, prm_probability=1)
        line = order.order_line[1]
        self.assertEqual((line.prm_source, line.prm_kind), ("order", "due"))
        self.assertEqual((line.prm_rank, line.prm_probability), (2, 0.5))
        line.write({"prm_rank": 7, "prm_source": False})
        self.assertEqual((line.prm_source, line.prm_rank), ("order", 2))

    def test_line_without_a_recommendation_carries_nothing(self):
        order = self._create_from_tab(self.product)
        self.assertFalse(order.order_line.prm_source)
        other = self._create_order(self.beta, self.products[0], company=self.company_b)
        other.order_line.create(
            {
                "order_id": other.id,
                "product_id": self.products[1].id,
                "prm_source": "order",
            }
        )
        self.assertFalse(any(other.order_line.mapped("prm_source")))
        self.assertFalse(self._get_events("added"))

    def test_another_product_on_the_line_is_another_line(self):
        order = self._create_from_tab()
        order.order_line[0].product_uom_qty = 8
        self.assertEqual(order.order_line[0].prm_source, "order")
        order.order_line[0].product_id = self.product
        self.assertFalse(order.order_line[0].prm_source)
        self.assertFalse(order.order_line[0].prm_rank)

    def test_added_when_saved_with_amounts_in_company_currency(self):
        pounds = self.env.ref("base.GBP")
        pounds.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": pounds.id,
                "company_id": self.company_a.id,
                "rate": 0.5,
                "name": "2026-01-01",
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Pounds", "currency_id": pounds.id}
        )
        self.alpha.specific_property_product_pricelist = pricelist
        order = self._create_from_tab(self.products[0])
        event = self._get_events("added")
        self.assertEqual(event.order_line_id, order.order_line)
        self.assertEqual((event.order_id, event.quantity), (order, 5))
        self.assertEqual((event.price, event.price_currency_id), (5.0, pounds))
        self.assertEqual(event.amount, 50)

    def test_ordered_once_however_often_it_is_confirmed(self):
        order = self._create_from_tab()
        self.assertFalse(self._get_events("ordered"))
        order.action_confirm()
        self.assertEqual(self._get_events("ordered").order_line_id, order.order_line)
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(len(self._get_events("ordered")), 2)
        self.assertEqual(len(self._get_events("added")), 2)
        self.assertFalse(self._get_events("declined"))

    def test_line_added_to_a_confirmed_order_is_ordered_at_once(self):
        order = self._create_order(self.alpha, self.product)
        order.action_confirm()
        order.order_line = [
            Command.create({"product_id": self.products[0].id, "prm_source": "order"})
        ]
        self.assertEqual(self._get_events("ordered").product_id, self.products[0])

    def test_reseller_that_confirms_counts_too(self):
        order = self._create_from_tab()
        order.with_user(self.user_alpha).sudo().action_confirm()
        self.assertEqual(len(self._get_events("ordered")), 2)

    def test_copy_of_an_order_did_not_come_from_a_recommendation(self):
        order = self._create_from_tab().copy()
        self.assertFalse(any(order.order_line.mapped("prm_source")))
        self.assertFalse(any(order.order_line.mapped("prm_probability")))

    def test_offered_is_declined_when_its_quotation_is_cancelled(self):
        offers = self.relationship
        early = self.products[4]
        offers.record_offered(early.id)
        order = self._create_order(self.alpha, self.product)
        for product in self.products[:4]:
            offers.record_offered(product.id, {"order_id": order.id})
        undone = offers.record_offered(self.products[5].id, {"order_id": order.id})
        offers.undo_offer_event(undone)
        offers.dismiss_offer(self.products[1].id, "price")
        bought = self._create_from_tab(self.products[2])
        bought.action_confirm()
        order._action_cancel()
        declined = self._get_events("declined")
        self.assertEqual(
            declined.product_id, self.products[0] | self.products[3] | early
        )
        self.assertEqual(declined.order_id, order)
        order.action_draft()
        order._action_cancel()
        self.assertEqual(len(self._get_events("declined")), 3, "once")

    def test_added_is_declined_when_its_quotation_is_cancelled_much_later(self):
        order = self._create_from_tab()
        self.env["prm.recommendation"].search([]).unlink()
        with freeze_time(TODAY + timedelta(days=90)):
            order._action_cancel()
        declined = self._get_events("declined")
        self.assertEqual(declined.product_id, self.products[:2])
        self.assertEqual(declined.mapped("kind"), ["due", "due"])
        self.assertEqual(declined.mapped("probability"), [0.5, 0.5])
        self.assertEqual(declined.user_id, self.env.user)

    def test_declined_when_the_quotation_expires(self):
        order = self._create_from_tab()
        order.validity_date = TODAY.date() + timedelta(days=5)
        self.relationship.with_user(self.manager).record_offered(
            self.products[3].id, {"order_id": order.id}
        )
        other = self._create_from_tab(self.products[1])
        other.action_confirm()
        events = self.env["prm.recommendation.event"]
        for days, products in (
            (5, self.products.browse()),  # the last day
            (6, self.products[0] | self.products[3]),
            (7, self.products[0] | self.products[3]),  # once
        ):
            with freeze_time(TODAY + timedelta(days=days)):
                events._record_expired(self.company_b)
                events._record_expired(self.company_a)
            self.assertEqual(self._get_events("declined").product_id, products)
        offered = self._get_events("declined", product_id=self.products[3].id)
        self.assertEqual(offered.user_id, self.manager, "who offered it")
        self.assertEqual(offered.order_id, order)

    def test_not_declined_when_it_expired_long_ago(self):
        order = self._create_from_tab()
        order.validity_date = TODAY.date() - timedelta(days=29)
        self.env["prm.recommendation.event"]._record_expired(self.company_a)
        self.assertFalse(self._get_events("declined"))

    def test_reports_show_lines_and_amounts(self):
        order = self._create_from_tab()
        order.order_line = [Command.create({"product_id": self.product.id})]
        order.action_confirm()
        self.env.flush_all()
        ((source, kind, amount, lines),) = (
            self.env["sale.report"]
            .with_user(self.manager)
            ._read_group(
                [("prm_source", "!=", False), ("order_reference", "!=", False)],
                ["prm_source", "prm_kind"],
                ["price_subtotal:sum", "__count"],
            )
        )
        self.assertEqual((source, kind, lines), ("order", "due", 2))
        self.assertEqual(amount, sum(order.order_line[:2].mapped("price_subtotal")))
