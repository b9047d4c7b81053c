from odoo.tests import HttpCase, new_test_user, tagged

from .common import SALES_MANAGER
from .offer_common import OfferCommon


@tagged("post_install", "-at_install")
class TestProductOfferTour(OfferCommon, HttpCase):
    def test_clear_a_quantity_of_a_product(self):
        seller = new_test_user(
            self.env,
            "prm_tour",
            groups=f"{SALES_MANAGER},stock.group_stock_user",
        )
        self.start_tour(
            f"/odoo/product.product/{self.mug.id}",
            "prm_partner_portal.whom_to_offer",
            login="prm_tour",
        )
        order = self.env["sale.order"].search([("user_id", "=", seller.id)])
        self.assertEqual(order.prm_relationship_id, self.gamma)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.order_line.product_uom_qty, 20)
        self.assertEqual(order.order_line.prm_source, "product")
