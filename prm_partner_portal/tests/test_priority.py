from odoo.exceptions import AccessError

from ..models.const import STYLES
from .nightly_common import RunCommon
from .offers_common import OffersCommon


class TestPriorityRun(RunCommon):
    """The two settings of a company, by the run's own door."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products = cls._create_products(*(f"Fruit {n}" for n in range(30)))
        cls.dear = cls.products[::5]
        cls.dear.list_price = 3000.0
        cls.products.standard_price = 8.0
        cls.dear.standard_price = 2999.9
        cls.resellers = cls.alpha | cls.both
        for number in range(8):
            reseller = cls._create_reseller(f"Shop {number}")
            cls._create_relationship(reseller, cls.company_a)
            cls.resellers |= reseller
        # Nobody buys everything: something is left that is new to each.
        for place, reseller in enumerate(cls.resellers):
            some = cls.products[place * 2 : place * 2 + 12]
            cls._sell_history(reseller, some, weeks=18)

    def _get_mean_rank(self, products):
        found = self.env["prm.recommendation"].search(
            [("product_id", "in", products.ids), ("kind", "!=", "new")]
        )
        return sum(found.mapped("rank")) / len(found)

    def test_order_by_turnover_and_margin(self):
        run = self._run()
        self.assertEqual(run.state, "done", run.error_detail)
        self.assertEqual(run.config["priority"], "likelihood")
        likely = self._get_mean_rank(self.dear)
        lists = self.env["prm.recommendation"].search([])
        before = {(one.relationship_id, one.product_id): one for one in lists}
        scores = {pair: one.score for pair, one in before.items()}
        self.assertTrue(
            all(one.rank == one.reseller_rank for one in lists if one.kind != "new")
        )
        for text in ("likelihood", "turnover", "margin"):
            self.assertIn(text, run.priority_cost)
        self.assertRegex(run.style_cost, r"\d.\d were bought where .* safe, \d.\d")
        self.assertIn("by turnover", run.quality_html)

        self.company_a.prm_priority = "turnover"
        self.assertEqual(self._run().config["priority"], "turnover")
        self.assertLess(self._get_mean_rank(self.dear), likely)
        lists = self.env["prm.recommendation"].search([])
        pairs = {(one.relationship_id, one.product_id) for one in lists}
        self.assertLessEqual(set(before), pairs, "the reseller's list is whole")
        for one in lists:
            pair = (one.relationship_id, one.product_id)
            if pair in scores:
                self.assertAlmostEqual(one.score, scores[pair])
        for relationship in lists.relationship_id:
            due = lists.filtered(
                lambda one, r=relationship: (
                    one.relationship_id == r and one.kind != "new"
                )
            )
            self.assertEqual(
                due.sorted("reseller_rank").mapped("score"),
                sorted(due.mapped("score"), reverse=True),
            )
            self.assertEqual(len(set(due.mapped("rank"))), len(due))

        turnover = self._get_mean_rank(self.dear)
        self.company_a.prm_priority = "margin"
        self._run()
        self.assertGreater(self._get_mean_rank(self.dear), turnover)

    def test_lengths_when_safe_and_when_new(self):
        for style, lengths in STYLES.items():
            self.company_a.prm_style = style
            run = self._run()
            self.assertEqual(run.config["k_reorder"], lengths["k_reorder"])
            new = self.env["prm.recommendation"].search_count(
                [
                    ("relationship_id", "=", self.rel_alpha.id),
                    ("kind", "=", "new"),
                ]
            )
            self.assertEqual(new, lengths["k_discover"], style)

    def test_settings_say_what_they_cost(self):
        run = self._run()
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.prm_style_cost, run.style_cost)
        self.assertEqual(settings.prm_priority_cost, run.priority_cost)
        other = self.env["res.config.settings"].with_company(self.company_b)
        self.assertFalse(other.create({}).prm_style_cost)
        self.products.standard_price = 0.0
        again = self._run()
        self.assertIn("needs the cost", again.priority_cost)

    def test_library_judges_what_is_shown(self):
        from ..recommend.styles import STYLES as JUDGED

        shown = {name: (one["due"], one["new"]) for name, one in STYLES.items()}
        self.assertEqual(JUDGED, shown)


class TestStyleShown(OffersCommon):
    def test_shown_first_when_safe_and_when_new(self):
        more = self.env["product.product"].create(
            [{"name": f"Cup {n}", "type": "consu"} for n in range(20)]
        )
        self._recommend(self.relationship, more[:10])
        self._recommend(self.relationship, more[10:], kind="new")
        relationship = self.relationship.with_user(self.manager)
        for style, limits in STYLES.items():
            self.company_a.prm_style = style
            offers = relationship.get_offers()
            found = (len(offers["due"]), len(offers["new"]))
            self.assertEqual(found, (limits["due"], limits["new"]))

    def test_refused_when_a_salesperson_sets_it(self):
        company = self.company_a.with_user(self.salesperson)
        self.assertEqual(company.prm_style, "balanced")
        with self.assertRaises(AccessError):
            company.prm_style = "new"
