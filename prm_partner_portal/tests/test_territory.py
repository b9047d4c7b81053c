from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import PrmCommon


@tagged("post_install", "-at_install")
class TestTerritory(PrmCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany = cls.env.ref("base.de")
        cls.britain = cls.env.ref("base.uk")
        cls.bavaria = cls.env.ref("base.state_de_by")
        territory = cls.env["prm.territory"]
        cls.by_country = territory.create(
            {
                "name": "Germany",
                "country_ids": cls.germany.ids,
                "user_id": cls.manager.id,
            }
        )
        cls.by_state = territory.create(
            {"name": "Bavaria", "state_ids": cls.bavaria.ids}
        )
        cls.by_zip = territory.create(
            {
                "name": "Munich",
                "user_id": cls.salesperson.id,
                "zip_ids": [
                    (
                        0,
                        0,
                        {
                            "country_id": cls.germany.id,
                            "zip_from": "80000",
                            "zip_to": "81999",
                        },
                    )
                ],
            }
        )

    def _relationship(self, **address):
        reseller = self._create_reseller("Somewhere", **address)
        return self._create_relationship(reseller, self.company_a)

    def test_zip_beats_state_beats_country(self):
        address = {"country_id": self.germany.id}
        self.assertEqual(self._relationship(**address).territory_id, self.by_country)
        address["state_id"] = self.bavaria.id
        self.assertEqual(self._relationship(**address).territory_id, self.by_state)
        address["zip"] = "81 371"
        munich = self._relationship(**address)
        self.assertEqual(munich.territory_id, self.by_zip)
        self.assertEqual(munich.user_id, self.salesperson)

    def test_who_left_or_works_elsewhere_looks_after_nobody(self):
        address = {"country_id": self.germany.id}
        self.assertEqual(self._relationship(**address).user_id, self.manager)
        mine = self._relationship(**address, user_id=self.salesperson.id)
        self.assertEqual(mine.user_id, self.salesperson)
        theirs = self._relationship(**address, user_id=self.stranger.id)
        self.assertEqual(theirs.user_id, self.manager)
        self.salesperson.active = False
        left = self._relationship(**address, user_id=self.salesperson.id)
        self.assertEqual(left.user_id, self.manager)
        self.manager.active = False
        self.assertFalse(self._relationship(**address).user_id)

    def test_zip_of_another_country_does_not_count(self):
        other = self._relationship(country_id=self.britain.id, zip="80500")
        self.assertFalse(other.territory_id)

    def test_british_zips_compare_by_their_beginning(self):
        london = self.env["prm.territory"].create(
            {
                "name": "South-West London",
                "zip_ids": [
                    (
                        0,
                        0,
                        {
                            "country_id": self.britain.id,
                            "zip_from": "SW1",
                            "zip_to": "SW9",
                        },
                    )
                ],
            }
        )
        found = self._relationship(country_id=self.britain.id, zip="sw1a 1aa")
        self.assertEqual(found.territory_id, london)
        self.assertFalse(
            self._relationship(country_id=self.britain.id, zip="SE1 2AA").territory_id
        )

    def test_moved_reseller_changes_territory_unless_set_by_hand(self):
        relationship = self._relationship(country_id=self.germany.id)
        relationship.partner_id.zip = "80331"
        self.assertEqual(relationship.territory_id, self.by_zip)
        relationship.territory_id = self.by_state
        self.assertTrue(relationship.territory_manual)
        relationship.partner_id.zip = "80332"
        self.env["prm.territory"].action_assign()
        self.assertEqual(relationship.territory_id, self.by_state)

    def test_salesperson_set_by_hand_stays(self):
        relationship = self._relationship(country_id=self.germany.id)
        self.assertEqual(relationship.user_id, self.manager)
        relationship.user_id = self.env.user
        relationship.partner_id.zip = "80331"
        self.assertEqual(relationship.user_id, self.env.user)

    def test_salesperson_of_the_partner_beats_the_territory(self):
        relationship = self._relationship(
            country_id=self.germany.id, user_id=self.salesperson.id
        )
        self.assertEqual(relationship.user_id, self.salesperson)

    def test_territory_of_another_company_is_not_taken(self):
        self.by_country.company_id = self.company_b
        relationship = self._relationship(country_id=self.germany.id)
        self.assertFalse(relationship.territory_id)

    def test_range_must_be_a_range(self):
        for low, high in (("9", "10"), ("20000", "10000")):
            with self.assertRaisesRegex(ValidationError, "Zip range"):
                self.by_zip.zip_ids.write({"zip_from": low, "zip_to": high})

    def test_assigning_takes_the_same_queries_for_many_resellers(self):
        resellers = self.env["res.partner"].create(
            [
                {"name": f"R{i}", "is_company": True, "country_id": self.germany.id}
                for i in range(40)
            ]
        )
        relationships = self.env["prm.relationship"].create(
            [{"partner_id": r.id, "company_id": self.company_a.id} for r in resellers]
        )
        relationships.invalidate_recordset()

        def count(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records._assign_territory()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count(relationships[:2]), count(relationships))
