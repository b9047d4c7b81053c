from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command

from .common import PrmCommon

TODAY = datetime(2026, 3, 16, 9, 0)


class OffersCommon(PrmCommon):
    """A reseller with eight recommended products, all in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relationship = cls.rel_alpha
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company_a.id)], limit=1
        )
        cls.products = cls.env["product.product"].create(
            [
                {
                    "name": f"Mug {number}",
                    "default_code": f"MUG{number}",
                    "is_storable": True,
                    "list_price": 10.0 * (number + 1),
                }
                for number in range(8)
            ]
        )
        cls._set_stock(cls.products, 100)
        cls._recommend(cls.relationship, cls.products[:5])
        cls._recommend(cls.relationship, cls.products[5:], kind="new")

    @classmethod
    def _show_discounts(cls):
        """As the setting does: price lists show their discount on the line."""
        discounts = cls.env.ref("sale.group_discount_per_so_line")
        cls.env.ref("base.group_user").implied_ids |= discounts

    @classmethod
    def _set_stock(cls, products, quantity):
        location = cls.warehouse.lot_stock_id
        for product in products:
            cls.env["stock.quant"]._update_available_quantity(
                product, location, quantity
            )

    @classmethod
    def _recommend(cls, relationship, products, kind="due", quantity=5.0, **values):
        """Rank 1 is the first product."""
        return (
            cls.env["prm.recommendation"]
            .sudo()
            .create(
                [
                    {
                        "relationship_id": relationship.id,
                        "company_id": relationship.company_id.id,
                        "product_id": product.id,
                        "kind": kind,
                        "rank": rank,
                        "score": 1 / rank,
                        "probability": 0.5,
                        "quantity": quantity,
                        "price": product.list_price,
                        "due_date": TODAY if kind == "due" else False,
                        "reasons": [
                            {
                                "code": "rhythm",
                                "weight": 1.0,
                                "params": {
                                    "interval_days": 28,
                                    "days_since": 31,
                                    "orders": 6,
                                },
                            }
                        ],
                        **values,
                    }
                    for rank, product in enumerate(products, start=1)
                ]
            )
        )

    @classmethod
    def _bought(cls, product, days_ago, quantity=3.0, **values):
        """An order of some days ago, confirmed and delivered."""
        order = cls._create_order(cls.alpha, product, quantity, **values)
        order.action_confirm()
        for picking in order.picking_ids:
            picking.move_ids.write({"quantity": quantity, "picked": True})
            picking.button_validate()
        order.date_order = fields.Datetime.now() - timedelta(days=days_ago)
        return order

    def _get_offers(self, user=None, relationship=None, **order):
        relationship = relationship or self.relationship
        return relationship.with_user(user or self.manager).get_offers(order)

    def _get_ids(self, **order):
        offers = self._get_offers(**order)
        return [row["id"] for row in offers["due"] + offers["new"]]

    def _get_row(self, product, **order):
        offers = self._get_offers(**order)
        return next(
            row for row in offers["due"] + offers["new"] if row["id"] == product.id
        )

    def _get_events(self, event_type, **domain):
        return self.env["prm.recommendation.event"].search(
            [
                ("type", "=", event_type),
                *((name, "=", value) for name, value in domain.items()),
            ]
        )

    @classmethod
    def _create_rule(cls, pricelist, **values):
        return pricelist.write({"item_ids": [Command.create(values)]})

    @classmethod
    def _goes_with(cls, product, complements, lift=3.0, company=None):
        """The first complement is the strongest."""
        return cls.env["prm.product.complement"].create(
            [
                {
                    "company_id": (company or cls.company_a).id,
                    "product_id": product.id,
                    "complement_id": complement.id,
                    "reseller_count": 9,
                    "order_count": 20,
                    "lift": lift,
                    "score": 0.9 - 0.05 * place,
                }
                for place, complement in enumerate(complements)
            ]
        )

    @classmethod
    def _focus(cls, products, name="Overstock", **values):
        return cls.env["prm.focus"].create(
            {
                "name": name,
                "company_id": cls.company_a.id,
                "date_from": TODAY.date() - timedelta(days=7),
                "date_to": TODAY.date() + timedelta(days=7),
                "line_ids": [
                    Command.create({"product_id": product.id, "target": 100})
                    for product in products
                ],
                **values,
            }
        )
