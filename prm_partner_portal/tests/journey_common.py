from datetime import datetime, time

from odoo import fields
from odoo.tests import HttpCase, freeze_time, new_test_user

from .common import SALES_MANAGER, SALES_OWN
from .nightly_common import RunCommon

# No journey begins on one day and ends on the next.
NOON = datetime.combine(fields.Date.today(), time(12))


@freeze_time(NOON, tick=True)
class JourneyCommon(RunCommon, HttpCase):
    """A distributor that has just installed the addon: orders, and no reseller."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.new = cls.env["res.company"].create({"name": "New Distributor"})
        cls.new.partner_id.tz = "UTC"
        values = {"company_id": cls.new.id, "company_ids": [(6, 0, cls.new.ids)]}
        cls.first = new_test_user(cls.env, "prm_first", groups=SALES_MANAGER, **values)
        cls.seller = new_test_user(cls.env, "prm_seller", groups=SALES_OWN, **values)
        cls.fruits = cls._create_products(*(f"Fruit {n}" for n in range(6)))
        cls.shops = cls.env["res.partner"]
        for name in ("Big", "Middle", "Small", "Odd"):
            shop = cls._create_reseller(f"{name} Shop", user_id=cls.seller.id)
            cls.shops |= shop
        cls.shops[0].phone = "+62 21 555"
        cls._sell_history(cls.shops, cls.fruits, company=cls.new)

    def _trigger(self, cron):
        """The registry of a test in a browser is in test mode already."""
        self.env.flush_all()
        self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()
