import csv
import tempfile
from datetime import timedelta
from pathlib import Path

from odoo import fields

from .common import PrmCommon

NOW = "2026-03-18 12:00:00"


class NightlyCommon(PrmCommon):
    """Orders at some day of the past, and the dataset that is made of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.partner_id.tz = cls.company_b.partner_id.tz = "UTC"
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.apple, cls.pear, cls.plum = cls._create_products("Apple", "Pear", "Plum")

    @classmethod
    def _create_products(cls, *names, **values):
        return cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "consu",
                    "list_price": 10.0,
                    "taxes_id": False,
                    **values,
                }
                for name in names
            ]
        )

    @classmethod
    def _sell(cls, partner, *lines, days_ago=1, company=None, confirm=True, **values):
        """:param lines: (product, quantity) or values of an order line"""
        company = company or cls.company_a
        prepared = [
            line
            if isinstance(line, dict)
            else {"product_id": line[0].id, "product_uom_qty": line[1]}
            for line in lines
        ]
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "order_line": [(0, 0, line) for line in prepared],
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        order.date_order = values.get(
            "date_order", fields.Datetime.now() - timedelta(days=days_ago)
        )
        return order

    def _extract(self, company=None):
        """:return: rows of each of the library's files, as dicts of texts"""
        company = company or self.company_a
        dataset = self.env["prm.dataset"]
        dataset._prepare_tables(company)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            counts = dataset._write_files(company, folder, dataset._get_as_of(company))
            rows = {
                path.stem: list(csv.DictReader(path.open(newline="")))
                for path in folder.iterdir()
            }
        self.assertEqual({f"{k}.csv": len(v) for k, v in rows.items()}, counts)
        return rows

    def _get_bought(self, relationship=None, company=None):
        """:return: {(product id, quantity)} of one reseller, sorted by product"""
        relationship = relationship or self.rel_alpha
        return sorted(
            (int(row["product"]), float(row["quantity"]))
            for row in self._extract(company)["orders"]
            if row["reseller"] == str(relationship.id)
        )
