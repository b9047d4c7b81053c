from datetime import date, datetime, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import SALES_OWN, PrmCommon

# A Monday
NOW = datetime(2026, 3, 16, 9, 0)
TODAY = date(2026, 3, 16)


class DayCommon(PrmCommon):
    """A salesperson with two resellers of the first distributor: Alpha and Both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a.partner_id.tz = cls.company_b.partner_id.tz = "UTC"
        cls.company_a.resource_calendar_id.tz = "UTC"
        cls.alpha.phone = "+62 21 555"
        (cls.rel_alpha | cls.rel_both_a).user_id = cls.salesperson
        cls.colleague = new_test_user(cls.env, "prm_colleague", groups=SALES_OWN)
        cls.mugs = cls.env["product.product"].create(
            [{"name": f"Mug {n}", "type": "consu", "list_price": 10} for n in range(6)]
        )

    @classmethod
    def _due(cls, relationship, product, days=0, price=10.0, **values):
        """A recommendation worth 5 times its price, due in so many days.

        Probability 0.5, ten of them.
        """
        return cls.env["prm.recommendation"].create(
            {
                "relationship_id": relationship.id,
                "company_id": relationship.company_id.id,
                "product_id": product.id,
                "kind": "due",
                "rank": 1,
                "score": 1,
                "probability": 0.5,
                "quantity": 10,
                "price": price,
                "due_date": TODAY + timedelta(days=days),
                "reasons": [
                    {
                        "code": "rhythm",
                        "weight": 1.0,
                        "params": {"interval_days": 28, "days_since": 31, "orders": 6},
                    }
                ],
                **values,
            }
        )

    @classmethod
    def _set_health(cls, relationship, **values):
        relationship.health_id.write({"date": TODAY, **values})

    @classmethod
    def _break_rhythm(cls, relationship, silent=30, every=10, turnover=12000):
        cls._set_health(
            relationship,
            color="red",
            rhythm_color="red",
            order_count=9,
            median_interval=every,
            last_order_date=TODAY - timedelta(days=silent),
            turnover_year=turnover,
        )

    @classmethod
    def _quote(cls, partner, days_ago, amount=100.0, **values):
        order = cls._create_order(cls.alpha, cls.mugs[5], **values)
        order.partner_id = partner
        order.order_line.write({"price_unit": amount, "tax_ids": [Command.clear()]})
        order.date_order = fields.Datetime.now() - timedelta(days=days_ago)
        return order

    def _get_day(self, user=None, **context):
        relationships = self.env["prm.relationship"].with_context(**context)
        return relationships.with_user(user or self.salesperson).get_day()

    def _get_names(self, user=None):
        return [card["name"] for card in self._get_day(user)["cards"]]

    def _get_card(self, relationship, user=None):
        cards = self._get_day(user)["cards"]
        return next(card for card in cards if card["id"] == relationship.id)

    def _record(self, outcome, relationship=None, user=None, **values):
        relationship = relationship or self.rel_alpha
        relationship = relationship.with_user(user or self.salesperson)
        return relationship.record_contact(outcome, **values)

    def _add_holiday(self, name, first, last):
        self.env["resource.calendar.leaves"].create(
            {
                "name": name,
                "company_id": self.company_a.id,
                "calendar_id": self.company_a.resource_calendar_id.id,
                "date_from": f"{first} 00:00:00",
                "date_to": f"{last} 23:59:59",
            }
        )
