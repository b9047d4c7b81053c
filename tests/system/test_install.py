"""Installing, upgrading, uninstalling and installing again, on a database of its own.

Runs Odoo's own commands as a person would; needs what ``make test`` sets up.
"""

from collections.abc import Iterator

import pytest
from commands import ADDONS, shell

DATABASE = "prm_test_install"

CREATE = """
partner = env["res.partner"].create({"name": "Trader", "is_company": True})
before = env["product.pricelist"].create({"name": "Agreed before"})
tier_list = env["product.pricelist"].create({"name": "Tier list"})
grade = env.ref("partnership.res_partner_grade_data_gold")
company = env["res.company"].create({"name": "Second"})
(grade.company_id, grade.default_pricelist_id) = (company, tier_list)
env.user.company_ids |= company
contact = env["res.partner"].create({"name": "Buyer", "parent_id": partner.id})
user = env["res.users"].with_context(no_reset_password=True).create({
    "login": "trader", "partner_id": contact.id,
    "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
})
partner.with_company(company).specific_property_product_pricelist = before
relationship = env["prm.relationship"].create({
    "partner_id": partner.id, "company_id": company.id, "grade_id": grade.id,
    "state": "active",
})
relationship.pricelist_source = "tier"
env.cr.commit()
print("tier", partner.with_company(company).specific_property_product_pricelist.name)
print("companies", len(user.company_ids))
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=like", "prm_partner_portal%")]).filtered(
    lambda module: module.state == "installed"
).button_immediate_uninstall()
"""
LOOK = """
partner = env["res.partner"].search([("name", "=", "Trader")])
company = env["res.company"].search([("name", "=", "Second")])
print("list", partner.with_company(company).specific_property_product_pricelist.name)
user = env["res.users"].search([("login", "=", "trader")])
print("companies", len(user.company_ids))
print("active", user.active)
env.cr.execute("SELECT count(*) FROM pg_tables WHERE tablename LIKE 'prm\\\\_%'")
print("tables", env.cr.fetchone()[0])
env.cr.execute("SELECT count(*) FROM information_schema.columns"
               " WHERE column_name LIKE 'prm\\\\_%'")
print("columns", env.cr.fetchone()[0])
print("crons", env["ir.cron"].search_count([("cron_name", "ilike", "reseller")]))
"""
COUNT = 'print("relationships", env["prm.relationship"].search_count([]))'


def odoo(arguments: str) -> str:
    return shell(
        f'odoo -c "$CONF" -d {DATABASE} --no-http --stop-after-init {arguments}',
        database=DATABASE,
    )


def odoo_shell(text: str) -> str:
    return shell(
        f'odoo shell -c "$CONF" -d {DATABASE} --no-http', text, database=DATABASE
    )


@pytest.fixture(scope="module")
def database() -> Iterator[None]:
    shell(f"clone_database prm_base {DATABASE}")
    odoo(f"-i {ADDONS}")
    yield
    shell(f"drop_database {DATABASE}")


def test_upgrade_uninstall_and_reinstall(database: None) -> None:
    created = odoo_shell(CREATE)
    assert "tier Tier list" in created
    assert "companies 2" in created
    odoo("-u prm_partner_portal")
    assert "relationships 1" in odoo_shell(COUNT)
    odoo_shell(UNINSTALL)
    left = odoo_shell(LOOK)
    assert "list Agreed before" in left
    assert "companies 1" in left
    assert "active True" in left
    assert "tables 0" in left
    assert "columns 0" in left
    assert "crons 0" in left
    odoo(f"-i {ADDONS}")
    assert "relationships 0" in odoo_shell(COUNT)
