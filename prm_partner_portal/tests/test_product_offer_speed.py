import gc

from freezegun import freeze_time

from odoo.tests import tagged

from .offers_common import TODAY
from .resellers_common import ResellersCommon

# Names, reasons, stock, taxes and prices of two price lists included; quotations:
# beyond what Odoo itself takes to create them.
PAGE, OPEN, QUOTATIONS = 26, 41, 19
NAMED = ("relationship_id", "product_id", "territory_id", "grade_id", "user_id")
PLAIN = ("kind", "probability", "quantity", "expected", "last_date", "price", "reason")


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestProductOfferSpeed(ResellersCommon):
    """Statements do not grow with the resellers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gamma.grade_id = cls.gold_a

    def _create_resellers(self, count):
        partners = self.env["res.partner"].create(
            [{"name": f"Reseller {n}", "is_company": True} for n in range(count)]
        )
        relationships = self.env["prm.relationship"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company_a.id,
                    "state": "active",
                    "grade_id": number % 2 and self.gold_a.id,
                }
                for number, partner in enumerate(partners)
            ]
        )
        for relationship in relationships:
            self._recommend(
                relationship,
                self.mug,
                reasons=[
                    {"code": "together", "params": {"product": self.products[1].id}}
                ],
            )
        return relationships

    def _count(self, function, *args):
        """Statements of a call that finds nothing known. Environments of earlier ones
        refer to themselves and know their user until Python tidies up: now, not at
        any moment."""
        self.env.flush_all()
        self.env.invalidate_all()
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        before = self.env.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        gc.enable()
        return self.env.cr.sql_log_count - before

    def _read_page(self):
        specification = {name: {} for name in PLAIN}
        specification |= {name: {"fields": {"display_name": {}}} for name in NAMED}
        page = self._get_page().web_search_read([], specification, limit=80)
        self.assertTrue(all(row["price"] for row in page["records"]))

    def _open(self):
        return self._get_page(active_domain=[]).action_offer()

    def test_page_and_offer(self):
        self._create_resellers(2)
        for function in (self._read_page, self._open):
            self._count(function)
        few = self._count(self._read_page), self._count(self._open)
        for relationship in self._create_resellers(40)[:5]:
            self._bought_by(relationship, self.mug, 20)
            self._create_order(relationship.partner_id, self.mug)
        many = self._count(self._read_page), self._count(self._open)
        self.assertEqual(few, many)
        self.assertEqual(many, (PAGE, OPEN))

    def _make(self, relationships):
        outcomes = relationships.with_user(self.manager)._prm_make_quotations(
            {one: {self.mug: 5} for one in relationships}, "product"
        )
        self.assertEqual({one.reason for one in outcomes}, {False})

    def _make_as_odoo_does(self, relationships):
        self.env["sale.order"].with_user(self.manager).create(
            [
                {
                    "partner_id": one.partner_id.id,
                    "user_id": self.manager.id,
                    "order_line": [
                        (0, 0, {"product_id": self.mug.id, "product_uom_qty": 5})
                    ],
                }
                for one in relationships
            ]
        )

    def test_quotations_cost_what_odoo_s_cost(self):
        relationships = self._create_resellers(60)
        groups = [relationships[:4], relationships[4:8], relationships[8:12]]
        many = [relationships[12:32], relationships[32:52]]
        self._make(groups[0])
        self._make_as_odoo_does(relationships[52:])
        over = [
            self._count(self._make, ours) - self._count(self._make_as_odoo_does, theirs)
            for ours, theirs in (groups[1:], many)
        ]
        self.assertEqual(over, [QUOTATIONS] * 2)
