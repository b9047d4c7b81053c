from odoo.tests import HttpCase, new_test_user, tagged

from .common import SALES_MANAGER
from .offer_common import OfferCommon


@tagged("post_install", "-at_install")
class TestClear400(OfferCommon, HttpCase):
    """1,000 of a product lie about, 400 are to be cleared.

    30 resellers are likely to take 517. Gamma has a draft with something else, a 31st,
    Delta, one with the product.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env, "prm_tour", groups=f"{SALES_MANAGER},stock.group_stock_user"
        )
        cls._set_stock(cls.mug, 903)
        for number in range(28):
            partner = cls._create_reseller(f"Shop {number}")
            cls._recommend(
                cls._create_relationship(partner, cls.company_a),
                cls.mug,
                quantity=30.0,
                probability=0.6,
            )
        mine = {"user_id": cls.seller.id}
        cls.draft = cls._create_order(cls.gamma.partner_id, cls.products[1], **mine)
        cls.present = cls._create_order(cls.delta.partner_id, cls.mug, **mine)

    def test_clear_400(self):
        self.start_tour(
            f"/odoo/product.product/{self.mug.id}",
            "prm_partner_portal.clear_400",
            login="prm_tour",
        )
        orders = self.env["sale.order"].search(
            [
                ("user_id", "=", self.seller.id),
                ("order_line.prm_source", "=", "product"),
            ]
        )
        self.assertEqual(len(orders), 23)
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        self.assertIn(self.draft, orders)
        self.assertEqual(self.draft.order_line.product_id, self.products[:2])
        self.assertNotIn(self.present, orders)
        self.assertEqual(len(self.present.order_line), 1)
        offered = orders.order_line.filtered("prm_source")
        self.assertEqual(sum(offered.mapped("product_uom_qty")), 10 + 22 * 30)


class TestClear400Phone(TestClear400):
    browser_size = "360x740"
    touch_enabled = True
