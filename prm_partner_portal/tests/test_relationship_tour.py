from odoo.tests import HttpCase, new_test_user, tagged

from .common import SALES_MANAGER
from .offers_common import OffersCommon


@tagged("post_install", "-at_install")
class TestRelationshipTour(OffersCommon, HttpCase):
    """The page and the map as a salesperson uses them, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(cls.env, "prm_tour", groups=SALES_MANAGER)
        cls.relationship.health_id.sudo().color = "red"
        cls.url = "/odoo/action-prm_partner_portal.prm_relationship_action"

    def test_next_step_from_call_to_quotation(self):
        self.start_tour(
            f"{self.url}/{self.relationship.id}",
            "prm_partner_portal.relationship_page",
            login="prm_tour",
        )
        self.assertEqual(self.relationship.activity_ids.user_id, self.seller)

    def test_map_leads_to_the_page(self):
        self.relationship.territory_id = self.env["prm.territory"].create(
            {"name": "North", "company_id": self.company_a.id}
        )
        self.alpha.write({"partner_latitude": 51.5, "partner_longitude": 7.5})
        self.start_tour(self.url, "prm_partner_portal.map", login="prm_tour")
