from odoo.tests import HttpCase, new_test_user, tagged

from .common import SALES_MANAGER, SALES_OWN
from .find_common import FindCommon


@tagged("post_install", "-at_install")
class TestFindTour(FindCommon, HttpCase):
    """The first minutes after the installation, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new = cls.env["res.company"].create({"name": "New Distributor"})
        values = {"company_id": cls.new.id, "company_ids": [(6, 0, cls.new.ids)]}
        new_test_user(cls.env, "prm_first", groups=SALES_MANAGER, **values)
        cls.seller = new_test_user(cls.env, "prm_seller", groups=SALES_OWN, **values)
        for name, orders in (("Big", 5), ("Middle", 4), ("Small", 3), ("Tiny", 2)):
            partner = cls._create_reseller(f"{name} Shop", user_id=cls.seller.id)
            cls._buy(partner, orders, company=cls.new)

    def test_from_the_first_click_to_resellers_and_back(self):
        self.start_tour("/odoo", "prm_partner_portal.find", login="prm_first")
        batches = self.env["prm.relationship.batch"].search(
            [("company_id", "=", self.new.id)]
        )
        figures = [(batch.count, batch.undone_count) for batch in batches]
        self.assertEqual(figures, [(1, 0), (3, 3)])
        made = self.env["prm.relationship"].search([("company_id", "=", self.new.id)])
        self.assertEqual(made.partner_id.mapped("name"), ["Big Shop"])
        self.assertEqual(made.user_id, self.seller)

    def test_salesperson_is_told_whom_to_ask(self):
        self.start_tour("/odoo", "prm_partner_portal.find_others", login="prm_seller")


@tagged("post_install", "-at_install")
class TestFindTourPhone(HttpCase):
    browser_size = "360x740"
    touch_enabled = True

    def test_nothing_found(self):
        company = self.env["res.company"].create({"name": "New Distributor"})
        new_test_user(
            self.env,
            "prm_first",
            groups=SALES_MANAGER,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.start_tour("/odoo", "prm_partner_portal.find_nothing", login="prm_first")
