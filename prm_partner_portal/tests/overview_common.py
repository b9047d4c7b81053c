from datetime import datetime, timedelta

from .offers_common import TODAY, OffersCommon


class OverviewCommon(OffersCommon):
    """The relationship of Alpha, of whom nothing is bought or recommended yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["prm.recommendation"].search([]).unlink()
        cls.today = TODAY.date()
        root = cls.env["product.category"].create({"name": "All goods"})
        cls.kitchen, cls.garden = cls.env["product.category"].create(
            [
                {"name": "Kitchen", "parent_id": root.id},
                {"name": "Garden", "parent_id": root.id},
            ]
        )
        cls.cups = cls.env["product.category"].create(
            {"name": "Cups", "parent_id": cls.kitchen.id}
        )
        cls.products[:3].categ_id = cls.cups
        cls.products[3:5].categ_id = cls.kitchen
        cls.products[5:].categ_id = cls.garden

    def _order(self, day, amounts, state="sale", **values):
        """An order of products with amounts, confirmed on a day."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.alpha.id,
                "company_id": self.company_a.id,
                "order_line": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.products[index].id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": False,
                        },
                    )
                    for index, amount in amounts.items()
                ],
                **values,
            }
        )
        moment = datetime.combine(day, datetime.min.time()) + timedelta(hours=12)
        order.write({"state": state, "date_order": moment})
        return order

    def _overview(self, user=None):
        return self.relationship.with_user(user or self.manager).get_overview()
