from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.sale.tests.common import SaleCommon

SALES_OWN = "sales_team.group_sale_salesman"
SALES_ALL = "sales_team.group_sale_salesman_all_leads"
SALES_MANAGER = "sales_team.group_sale_manager"


class PrmCommon(SaleCommon):
    """Two distributors, two resellers of each, one portal user for each reseller.

    Reseller ``both`` buys from both distributors, ``alpha`` from the first and
    ``beta`` from the second only. Each distributor has a tier with a price list.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_a = cls.env.company
        cls.company_b = cls.env["res.company"].create(
            {"name": "Second Distributor", "currency_id": cls.env.ref("base.EUR").id}
        )
        cls.env.user.company_ids |= cls.company_b
        cls.gold_a, cls.list_a = cls._create_tier("Gold A", cls.company_a, 30)
        cls.gold_b, cls.list_b = cls._create_tier("Gold B", cls.company_b, 10)
        cls.both = cls._create_reseller("Both Traders")
        cls.alpha = cls._create_reseller("Alpha Traders")
        cls.beta = cls._create_reseller("Beta Traders")
        cls.user_both = cls._create_portal_user("both", cls.both)
        cls.user_alpha = cls._create_portal_user("alpha", cls.alpha)
        cls.user_beta = cls._create_portal_user("beta", cls.beta)
        cls.rel_both_a = cls._create_relationship(cls.both, cls.company_a, cls.gold_a)
        cls.rel_both_b = cls._create_relationship(cls.both, cls.company_b, cls.gold_b)
        cls.rel_alpha = cls._create_relationship(cls.alpha, cls.company_a)
        cls.rel_beta = cls._create_relationship(cls.beta, cls.company_b)
        with mute_logger("odoo.addons.base.models.res_users"):
            cls.salesperson = new_test_user(
                cls.env, "prm_salesperson", groups=SALES_OWN
            )
            cls.manager = new_test_user(cls.env, "prm_manager", groups=SALES_MANAGER)
            cls.employee = new_test_user(
                cls.env, "prm_employee", groups="base.group_user"
            )
            cls.stranger = new_test_user(
                cls.env,
                "prm_stranger",
                groups=SALES_ALL,
                company_id=cls.company_b.id,
                company_ids=[(6, 0, cls.company_b.ids)],
            )

    @classmethod
    def _create_tier(cls, name, company, percent):
        pricelist = cls.env["product.pricelist"].create(
            {
                "name": f"List of {name}",
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "item_ids": [
                    (
                        0,
                        0,
                        {"compute_price": "percentage", "percent_price": percent},
                    )
                ],
            }
        )
        grade = cls.env["res.partner.grade"].create(
            {
                "name": name,
                "company_id": company.id,
                "default_pricelist_id": pricelist.id,
            }
        )
        return grade, pricelist

    @classmethod
    def _create_reseller(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def _create_portal_user(cls, login, reseller):
        contact = cls.env["res.partner"].create(
            {
                "name": f"Buyer {login}",
                "parent_id": reseller.id,
                "email": f"{login}@x.example",
            }
        )
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "login": f"prm_portal_{login}",
                    "password": f"prm_portal_{login}",
                    "partner_id": contact.id,
                    "company_id": cls.company_a.id,
                    "company_ids": [(6, 0, cls.company_a.ids)],
                    "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    @classmethod
    def _create_relationship(
        cls, reseller, company, grade=None, state="active", **values
    ):
        return cls.env["prm.relationship"].create(
            {
                "partner_id": reseller.id,
                "company_id": company.id,
                "grade_id": grade.id if grade else False,
                "state": state,
                **values,
            }
        )

    @classmethod
    def _create_order(cls, partner, product, quantity=1.0, company=None, **values):
        company = company or cls.company_a
        order = cls.env["sale.order"].with_company(company)
        return order.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": quantity})
                ],
                **values,
            }
        )
