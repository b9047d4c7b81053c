from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import PrmCommon


@tagged("post_install", "-at_install")
class TestAssortment(PrmCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["product.category"]
        cls.drinks = categories.create({"name": "Drinks"})
        cls.coffee = categories.create({"name": "Coffee", "parent_id": cls.drinks.id})
        cls.tag = cls.env["product.tag"].create({"name": "Organic"})
        cls.water = cls._create_product("Water", cls.drinks)
        cls.espresso = cls._create_product("Espresso", cls.coffee)
        cls.organic = cls._create_product("Organic", cls.coffee, tag=cls.tag)
        cls.bread = cls._create_product("Bread")
        cls.all_four = cls.water | cls.espresso | cls.organic | cls.bread

    @classmethod
    def _create_product(cls, name, category=None, tag=None):
        values = {"name": name, "type": "consu"}
        if category:
            values["categ_id"] = category.id
        if tag:
            values["product_tag_ids"] = tag.ids
        return cls.env["product.product"].create(values)

    def _allow(self, *lines, target=None):
        assortment = self.env["prm.assortment"].create(
            {"name": "Test", "line_ids": [(0, 0, line) for line in lines]}
        )
        if target is None:
            self.rel_alpha.assortment_ids = assortment
        else:
            target.prm_assortment_ids = assortment
        return assortment

    def _allowed(self, relationship=None):
        relationship = relationship or self.rel_alpha
        domain = relationship._prm_get_product_domain()
        return self.env["product.product"].search(domain) & self.all_four

    def test_empty_means_all(self):
        self.assertEqual(self._allowed(), self.all_four)
        self._allow()
        self.assertEqual(self._allowed(), self.all_four)

    def test_category_with_children(self):
        self._allow({"mode": "include", "category_id": self.drinks.id})
        self.assertEqual(self._allowed(), self.water | self.espresso | self.organic)

    def test_product_beats_tag_beats_category(self):
        self._allow(
            {"mode": "exclude", "category_id": self.coffee.id},
            {"mode": "include", "tag_id": self.tag.id},
            {"mode": "include", "category_id": self.drinks.id},
        )
        self.assertEqual(self._allowed(), self.water | self.organic)
        self._allow(
            {"mode": "exclude", "tag_id": self.tag.id},
            {"mode": "include", "product_tmpl_id": self.organic.product_tmpl_id.id},
        )
        self.assertEqual(self._allowed(), self.organic)

    def test_exclude_wins_a_tie(self):
        self._allow(
            {"mode": "include", "category_id": self.drinks.id},
            {"mode": "exclude", "category_id": self.drinks.id},
        )
        self.assertFalse(self._allowed())

    @freeze_time("2026-03-10 12:00:00")
    def test_lines_count_between_their_dates(self):
        self._allow(
            {
                "mode": "exclude",
                "category_id": self.drinks.id,
                "date_from": "2026-03-11",
            },
            {
                "mode": "exclude",
                "product_tmpl_id": self.bread.product_tmpl_id.id,
                "date_to": "2026-03-10",
            },
        )
        self.assertEqual(self._allowed(), self.all_four - self.bread)

    @freeze_time("2026-03-10 18:00:00")
    def test_today_is_the_companys(self):
        self.company_a.partner_id.tz = "Asia/Jakarta"
        self._allow(
            {
                "mode": "exclude",
                "category_id": self.drinks.id,
                "date_from": "2026-03-11",
            }
        )
        self.assertEqual(self._allowed(), self.bread)

    def test_tier_and_reseller_together(self):
        self.rel_alpha.grade_id = self.gold_a
        self._allow(
            {"mode": "exclude", "category_id": self.coffee.id}, target=self.gold_a
        )
        self._allow(
            {"mode": "exclude", "product_tmpl_id": self.bread.product_tmpl_id.id}
        )
        self.assertEqual(self._allowed(), self.water)

    def test_minimum_tier(self):
        bronze, _list = self._create_tier("Bronze", self.company_a, 5)
        self.gold_a.sequence, bronze.sequence = 1, 3
        self.water.prm_minimum_grade_id = self.gold_a
        self.espresso.prm_minimum_grade_id = bronze
        self.assertEqual(self._allowed(), self.organic | self.bread)
        self.rel_alpha.grade_id = bronze
        self.assertEqual(self._allowed(), self.all_four - self.water)
        self.rel_alpha.grade_id = self.gold_a
        self.assertEqual(self._allowed(), self.all_four)

    def test_not_for_resellers_unsaleable_and_archived(self):
        self.water.prm_sold_through_resellers = False
        self.espresso.sale_ok = False
        self.organic.active = False
        self.assertEqual(self._allowed(), self.bread)

    def test_product_of_another_company(self):
        self.water.company_id = self.company_b
        self.assertNotIn(self.water, self._allowed())

    def test_assortment_of_another_company_or_archived_does_not_count(self):
        assortment = self._allow({"mode": "exclude", "category_id": self.drinks.id})
        assortment.active = False
        self.assertEqual(self._allowed(), self.all_four)
        assortment.active = True
        assortment.company_id = self.company_b
        self.assertEqual(self._allowed(), self.all_four)

    def test_line_names_one_thing(self):
        for line in (
            {"mode": "include"},
            {"mode": "include", "category_id": self.drinks.id, "tag_id": self.tag.id},
        ):
            with self.assertRaisesRegex(ValidationError, "one of them"):
                self._allow(line)

    def test_line_does_not_end_before_it_begins(self):
        with self.assertRaisesRegex(ValidationError, "ends before"):
            self._allow(
                {
                    "mode": "include",
                    "category_id": self.drinks.id,
                    "date_from": "2026-03-11",
                    "date_to": "2026-03-10",
                }
            )

    def test_successor_not_in_a_circle(self):
        water, bread = self.water.product_tmpl_id, self.bread.product_tmpl_id
        water.prm_successor_id = bread
        with self.assertRaisesRegex(ValidationError, "successor"):
            bread.prm_successor_id = water
