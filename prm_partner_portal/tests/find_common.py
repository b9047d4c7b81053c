from datetime import timedelta

from odoo import fields

from .common import PrmCommon


class FindCommon(PrmCommon):
    """Customers with confirmed orders, and a manager who looks for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.company_ids |= cls.company_b
        cls.find = cls.env["prm.relationship.find"].with_user(cls.manager)
        cls.lines = cls.env["prm.relationship.find.line"].with_user(cls.manager)
        cls.shop = cls._create_customer("Shop")

    @classmethod
    def _create_customer(cls, name, orders=3, days=10, **values):
        partner = cls._create_reseller(name, **values)
        cls._buy(partner, orders, days)
        return partner

    @classmethod
    def _buy(cls, partner, orders=3, days=10, **values):
        """Confirmed orders of so many days ago, of 20 each, without taxes."""
        made = cls.env["sale.order"]
        for _number in range(orders):
            made |= cls._create_order(partner, cls.product, 1.0, **values)
        made.order_line.write({"price_unit": 20, "tax_ids": [(5,)], "discount": 0})
        made.write(
            {
                "state": "sale",
                "date_order": fields.Datetime.now() - timedelta(days=days),
            }
        )
        return made

    @classmethod
    def _move(cls, user, company):
        """Let a portal user belong to this company only."""
        user.write({"company_id": company.id, "company_ids": [(6, 0, company.ids)]})

    def _as_manager(self, relationship):
        """As in the browser, where changes are tracked."""
        return relationship.with_user(self.manager).with_context(
            tracking_disable=False, mail_notrack=False
        )

    def _flush_tracking(self):
        self.env.flush_all()
        self.env.cr.flush()

    def _found(self, company=None, **limits):
        """:return: the customers that are shown"""
        find = self.find.with_company(company or self.company_a)
        find.action_open()
        if limits:
            find.recount(limits.get("orders", 3), limits.get("months", 12))
        lines = self.lines.search([("company_id", "=", find.env.company.id)])
        return lines.partner_id

    def _line(self, partner):
        return self.lines.search(
            [("partner_id", "=", partner.id), ("company_id", "=", self.company_a.id)]
        )

    def _make(self, *partners):
        """Tick these customers only and make them resellers.

        :return: the batch
        """
        self.find.action_open()
        self.find.tick(False, [])
        ids = [partner.id for partner in partners]
        self.find.tick(True, [("partner_id", "in", ids)])
        return self._finish()

    def _finish(self):
        result = self.find.make()
        while result["left"]:
            result = self.find.make()
        return self.env["prm.relationship.batch"].browse(result["action"]["res_id"])

    def _relationship(self, partner, company=None):
        company = company or self.company_a
        return self.env["prm.relationship"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
