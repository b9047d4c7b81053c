import runpy
from pathlib import Path

from odoo.tests import freeze_time
from odoo.tools import SQL

from .nightly_common import NOW, NightlyCommon


@freeze_time(NOW)
class TestPrice(NightlyCommon):
    """What a unit of a recommended product brings, for the money at stake."""

    def _get_price(self, product=None, relationship=None):
        relationship = relationship or self.rel_alpha
        cr = self.env.cr
        self.env.flush_all()
        cr.execute(
            SQL(
                "CREATE TEMP TABLE prm_staging AS"
                " SELECT %s AS relationship_id, %s AS product_id",
                relationship.id,
                (product or self.apple).id,
            )
        )
        self.env["prm.recommendation"]._add_prices(relationship.company_id)
        cr.execute("SELECT price FROM prm_staging")
        ((price,),) = cr.fetchall()
        cr.execute("DROP TABLE prm_staging")
        return price

    def _line(self, price, quantity=1, **values):
        return {
            "product_id": self.apple.id,
            "product_uom_qty": quantity,
            "price_unit": price,
            "tax_ids": False,
            **values,
        }

    def test_what_the_reseller_last_paid(self):
        self._sell(self.alpha, self._line(6), days_ago=20)
        self._sell(self.alpha, self._line(7, discount=50), days_ago=10)
        self._sell(self.alpha, self._line(0), days_ago=1)
        self._sell(self.both, self._line(9), days_ago=1)
        self._sell(self.alpha, self._line(5), days_ago=1, confirm=False)
        self.assertEqual(self._get_price(), 3.5)

    def test_price_of_one_unit(self):
        self._sell(self.alpha, self._line(24, product_uom_id=self.dozen.id))
        self.assertEqual(self._get_price(), 2)

    def test_average_when_the_reseller_never_bought_it(self):
        self._sell(self.both, self._line(4, 3))
        self._sell(self.both, self._line(8, 1))
        self.assertEqual(self._get_price(), 5)

    def test_sales_price_when_nobody_bought_it(self):
        self._sell(self.beta, self._line(4), company=self.company_b)
        self.assertEqual(self._get_price(), 10)

    def test_company_currency(self):
        dollars = self.env.ref("base.USD") | self.env.ref("base.EUR")
        foreign = dollars - self.company_a.currency_id
        order = self._sell(self.alpha, self._line(20))
        order.currency_id = foreign[:1]
        order.flush_recordset()
        self.env.cr.execute(
            "UPDATE sale_order SET currency_rate = 2 WHERE id = %s", (order.id,)
        )
        self.assertEqual(self._get_price(), 10)

    def test_sales_price_in_another_companys_currency(self):
        """What no company owns has its sales price in the main company's currency."""
        rupiah = self.env.ref("base.IDR")
        rupiah.active = True
        self.company_b.currency_id = rupiah
        main = self.env["res.company"]._get_main_company()
        rates = self.env["res.currency.rate"]
        currencies = rupiah | main.currency_id
        rates.search([("currency_id", "in", currencies.ids)]).unlink()
        rates.create(
            {
                "currency_id": rupiah.id,
                "company_id": self.company_b.id,
                "name": "2026-01-01",
                "rate": 16000,
            }
        )
        self.assertEqual(self._get_price(relationship=self.rel_beta), 160000)
        self.plum.company_id = self.company_b
        price = self._get_price(self.plum, self.rel_beta)
        self.assertEqual(price, 10, "its own company's sales price")

    def test_upgrade_fills_the_prices_of_lists_that_stand(self):
        self._sell(self.alpha, self._line(6), days_ago=20)
        self._sell(self.both, self._line(9), days_ago=1)
        values = {"product_id": self.apple.id, "kind": "due"}
        lists = self.env["prm.recommendation"].create(
            [
                {
                    **values,
                    "relationship_id": relationship.id,
                    "company_id": relationship.company_id.id,
                }
                for relationship in (self.rel_alpha, self.rel_both_a, self.rel_both_b)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE prm_recommendation SET price = NULL")
        script = Path(__file__).parents[1] / "migrations/19.0.1.1.0/post-price.py"
        runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        lists.invalidate_recordset()
        self.assertEqual(lists.mapped("price"), [6, 9, 10])
