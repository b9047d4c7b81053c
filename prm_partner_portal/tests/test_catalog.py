from freezegun import freeze_time

from odoo.tests import HttpCase, tagged

from .offers_common import TODAY, OffersCommon

ORDER = "prm_catalogue_rank, is_favorite desc, default_code, name, id"


@tagged("post_install", "-at_install")
class TestCatalog(OffersCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.order = self._create_order(self.alpha, self.product)
        self.plain = self._create_order(self.partner, self.product)

    def _get_products(self, order, user=None):
        return (
            self.env["product.product"]
            .with_user(user or self.manager)
            .with_context(order_id=order.id)
        )

    def test_catalogue_of_an_active_reseller_has_its_own_view(self):
        view = self.env.ref("prm_partner_portal.product_product_view_kanban_prm")
        action = self.order.with_user(self.manager).action_add_from_catalog()
        self.assertEqual(action["views"][0], (view.id, "kanban"))
        self.assertTrue(action["context"]["prm_catalogue"])

    def test_catalogue_of_others_is_odoo_s(self):
        view = self.env.ref("product.product_view_kanban_catalog")
        self.relationship.user_id = self.manager
        for order, user in (
            (self.plain, self.manager),
            (self.order, self.salesperson),
        ):
            order.user_id = user
            action = order.with_user(user).action_add_from_catalog()
            self.assertEqual(action["views"][0], (view.id, "kanban"))
            self.assertNotIn("prm_catalogue", action["context"])

    @freeze_time(TODAY)
    def test_recommended_products_come_first_and_say_why(self):
        self.relationship.dismiss_offer(self.products[1].id, "wrong")
        products = self._get_products(self.order)
        found = products.search([("sale_ok", "=", True)], order=ORDER)
        expected = self.products - self.products[1]
        self.assertEqual(set(found[:7].ids), set(expected.ids))
        self.assertEqual(found[:7], found[:7].sorted("prm_catalogue_rank"))
        self.assertEqual(found[0].prm_catalogue_kind, "due")
        self.assertIn("Usually every 28 days", found[0].prm_catalogue_reason)
        self.assertFalse(found[7].prm_catalogue_recommended)
        recommended = products.search([("prm_catalogue_recommended", "=", True)])
        self.assertEqual(set(recommended.ids), set(expected.ids))
        rest = products.search([("prm_catalogue_recommended", "=", False)])
        self.assertFalse(rest & recommended)

    @freeze_time(TODAY)
    def test_days_since_the_last_purchase_are_counted_as_of_today(self):
        self._bought(self.products[0], days_ago=34)
        product = self._get_products(self.order).browse(self.products[0].id)
        self.assertIn("last bought 34 days ago", product.prm_catalogue_reason)

    def test_search_of_who_may_not_see_the_reseller_finds_nothing(self):
        self.relationship.user_id = self.manager
        self.order.user_id = self.salesperson
        domain = [("prm_catalogue_recommended", "=", True)]
        products = self._get_products(self.order, self.salesperson)
        self.assertFalse(products.search(domain))
        self.assertTrue(products.search([], order=ORDER, limit=3))
        self.assertFalse(self._get_products(self.plain).search(domain))
        nowhere = self.env["product.product"].with_user(self.manager)
        self.assertFalse(nowhere.search(domain))
        self.assertFalse(nowhere.with_context(order_id="1; DROP").search(domain))

    def test_queries_do_not_grow_with_the_page(self):
        def count(limit):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._get_products(self.order).search_read(
                [],
                ["prm_catalogue_rank", "prm_catalogue_reason"],
                order=ORDER,
                limit=limit,
            )
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(1), count(10))

    def test_line_added_there_says_so_where_it_was_recommended(self):
        self.manager.password = "prm_manager"
        self.authenticate("prm_manager", "prm_manager")
        other = self.env["product.product"].create({"name": "Other"})
        for product in (self.products[0], other):
            self.make_jsonrpc_request(
                "/product/catalog/update_order_line_info",
                {
                    "res_model": "sale.order",
                    "order_id": self.order.id,
                    "product_id": product.id,
                    "quantity": 3,
                    "child_field": "order_line",
                },
            )
        first, second = self.order.order_line[-2:]
        self.assertEqual(
            (first.product_id, second.product_id), (self.products[0], other)
        )
        self.assertEqual((first.prm_source, first.prm_kind), ("catalogue", "due"))
        self.assertFalse(second.prm_source)
        self.assertEqual(self._get_events("added").source, "catalogue")
        info = self.make_jsonrpc_request(
            "/product/catalog/order_lines_info",
            {
                "res_model": "sale.order",
                "order_id": self.order.id,
                "product_ids": self.products.ids,
                "child_field": "order_line",
            },
        )
        self.assertEqual(info[str(self.products[0].id)]["quantity"], 3)
