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
        north = self.env["prm.territory"].create(
            {"name": "North", "company_id": self.company_a.id}
        )
        self.relationship.territory_id = north
        self.alpha.write({"partner_latitude": 51.5, "partner_longitude": 7.5})
        # One far away, and neighbours of Alpha's from 1 to 9 pixels to the east
        for number, east in enumerate((2.0, *(n / 200 for n in range(1, 10)))):
            reseller = self._create_reseller(f"Neighbour {number}")
            reseller.write({"partner_latitude": 51.5, "partner_longitude": 7.5 + east})
            self._create_relationship(reseller, self.company_a, territory_id=north.id)
        self.start_tour(self.url, "prm_partner_portal.map", login="prm_tour")
