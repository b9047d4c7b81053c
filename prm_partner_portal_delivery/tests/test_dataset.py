from odoo.tests import freeze_time, tagged

from odoo.addons.prm_partner_portal.tests.nightly_common import NOW, NightlyCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestDatasetDelivery(NightlyCommon):
    def test_left_out_when_it_is_the_delivery(self):
        shipping = self._create_products("Shipping", type="service")
        carrier = self.env["delivery.carrier"].create(
            {"name": "Post", "product_id": shipping.id, "fixed_price": 5}
        )
        self.company_a.prm_include_services = True
        order = self._sell(self.alpha, (self.apple, 1), confirm=False)
        order.set_delivery_line(carrier, 5)
        order.action_confirm()
        self.assertTrue(any(order.order_line.mapped("is_delivery")))
        self.assertEqual(self._get_bought(), [(self.apple.id, 1.0)])
        offered = {row["product"] for row in self._extract()["products"]}
        self.assertNotIn(str(shipping.id), offered)
        # The carrier's product is no purchase where a salesperson types it in either.
        self._sell(self.alpha, (shipping, 1))
        self.assertEqual(self._get_bought(), [(self.apple.id, 1.0)])
