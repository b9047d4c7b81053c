from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import Form, tagged

from .offers_common import TODAY
from .resellers_common import ResellersCommon


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestProductResellerPrice(ResellersCommon):
    """Own prices are those of a new quotation where taxes stand in the price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.positions = cls.env["account.fiscal.position"]
        cls.positions.search([]).active = False
        cls.home, cls.away = cls.env["account.tax"].create(
            [
                {"name": f"{rate} %", "amount": rate, "price_include_override": how}
                for rate, how in ((25, "tax_included"), (0, "tax_included"))
            ]
        )
        cls.mug.taxes_id = cls.home
        cls.jakarta, cls.berlin = cls.env.ref("base.id"), cls.env.ref("base.de")
        cls.gamma.partner_id.country_id = cls.jakarta
        cls.delta.partner_id.country_id = cls.berlin

    @classmethod
    def _position(cls, name, **values):
        position = cls.positions.create({"name": name, **values})
        cls.away.write(
            {
                "fiscal_position_ids": [Command.link(position.id)],
                "original_tax_ids": [Command.link(cls.home.id)],
            }
        )
        return position

    def _get_odoo_price(self, relationship, quantity):
        form = Form(self.env["sale.order"].with_user(self.manager))
        form.partner_id = relationship.partner_id
        with form.order_line.new() as line:
            line.product_id = self.mug
            line.product_uom_qty = quantity
        order = form.save()
        return order.order_line.price_unit

    def _check(self, expected):
        rows = self._get_rows()
        rows.invalidate_recordset()
        prices = {row.relationship_id: row.price for row in rows}
        for row in rows:
            with self.subTest(reseller=row.relationship_id.display_name):
                price = self._get_odoo_price(row.relationship_id, row.quantity)
                self.assertEqual(row.price, price)
        self.assertEqual({one: prices[one] for one in expected}, expected)

    def test_by_country(self):
        self._position("Export", auto_apply=True, country_id=self.jakarta.id)
        self._check({self.gamma: 8, self.delta: 10, self.relationship: 10})

    def test_no_fiscal_position_changes_nothing(self):
        self._check({self.gamma: 10, self.delta: 10})

    def test_by_the_delivery_address(self):
        self._position("Export", auto_apply=True, country_id=self.jakarta.id)
        delivery = {"type": "delivery", "name": "Store", "country_id": self.jakarta.id}
        self.delta.partner_id.child_ids = [Command.create(delivery)]
        self._check({self.gamma: 8, self.delta: 8})

    def test_set_by_hand_and_most_special_first(self):
        north = self._position("North", sequence=9)
        self._position("Inland", auto_apply=True, country_id=self.berlin.id, sequence=1)
        self._position("Rest", auto_apply=True, sequence=2, vat_required=True)
        self.relationship.partner_id.property_account_position_id = north
        self._check({self.relationship: 8, self.gamma: 10, self.delta: 8})
        self.gamma.partner_id.vat = "ID0012345678901234"
        self._check({self.gamma: 8})
        north.active = False
        self._check({self.relationship: 8})

    def test_by_state_and_zip(self):
        state = self.jakarta.state_ids[0]
        self._position("State", auto_apply=True, state_ids=state.ids)
        values = {"country_id": self.berlin.id, "zip_from": "100", "zip_to": "200"}
        self._position("Zip", auto_apply=True, **values)
        self._check({self.gamma: 10, self.delta: 10})
        self.gamma.partner_id.state_id = state
        self.delta.partner_id.zip = "150"
        self._check({self.gamma: 8, self.delta: 8})

    def test_call_and_list_say_the_same(self):
        self._position("Export", auto_apply=True, country_id=self.jakarta.id)
        call = self.gamma.with_user(self.manager).get_call()
        self.assertEqual(call["due"][0]["price"], 8)

    # Cost

    def _count(self):
        rows = self._get_rows()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual({8, 10}, set(rows.mapped("price")))
        return self.env.cr.sql_log_count - before

    def test_statements_do_not_depend_on_resellers(self):
        self._position("Export", auto_apply=True, country_id=self.jakarta.id)
        few = [self._count() for _warm in range(2)][-1]
        partners = self.env["res.partner"].create(
            [
                {
                    "name": f"Reseller {n}",
                    "is_company": True,
                    "zip": str(100 + n),
                    "country_id": (self.jakarta if n % 2 else self.berlin).id,
                    "child_ids": [Command.create({"name": "Buyer"})],
                }
                for n in range(30)
            ]
        )
        for partner in partners:
            self._recommend(
                self._create_relationship(partner, self.company_a), self.mug
            )
        many = [self._count() for _warm in range(2)][-1]
        self.assertEqual(many, few)
        self.assertLessEqual(many, 37)
