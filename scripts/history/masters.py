"""Categories, products and resellers with their contacts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from history import coordinates, places, sql
from history.company import Setup
from history.exemplar import undone
from history.frames import draw, rows


def make_products(env: Any, products: pd.DataFrame, setup: Setup) -> pd.DataFrame:
    """Write the products set-based and give their ids.

    :return: ``products`` with product_id, template_id, line_name, uom_id.
    """
    cr = env.cr
    categories = _categories(env, products["category"])
    rows = _product_rows(env)
    table = products.copy()
    count = np.arange(len(table))
    table["template_id"] = sql.next_id(cr, "product_template") + count
    table["product_id"] = sql.next_id(cr, "product_product") + count
    table["categ_id"] = table["category"].map(categories)
    table["line_name"] = "[" + table["code"].astype(str) + "] " + table["name"]
    columns = ["template_id", "product_id", "categ_id", "code", "name", "price", "cost",
               "sales_pack", "sold_by"]  # fmt: skip
    sql.copy_frame(cr, "h_product", table[columns])
    _write_products(env, rows, list(setup.companies.values()))
    sql.fit_sequence(cr, ["product_template", "product_product"])
    sql.analyze(cr, ["product_template", "product_product"])
    env.invalidate_all(flush=False)
    return table


def _categories(env: Any, paths: pd.Series) -> dict[str, int]:
    """Make the tree of "main / sub" paths; complete names are the ORM's."""
    model, found = env["product.category"], {}
    wanted = sorted(paths.unique())
    mains = sorted({path.split(" / ")[0] for path in wanted})
    for name, category in zip(
        mains, model.create([{"name": name} for name in mains]), strict=True
    ):
        found[name] = category.id
    below = [path for path in wanted if " / " in path]
    values = [
        {"name": path.split(" / ", 1)[1], "parent_id": found[path.split(" / ")[0]]}
        for path in below
    ]
    for path, category in zip(below, model.create(values), strict=True):
        found[path] = category.id
    return found


def _product_rows(env: Any) -> dict[str, dict[str, Any]]:
    """The rows of a storable product as the ORM makes it."""
    rows = {}
    with undone(env):
        product = env["product.product"].create(
            {"name": "Exemplar", "default_code": "X", "is_storable": True,
             "list_price": 1.0, "standard_price": 1.0}
        )  # fmt: skip
        env.flush_all()
        for record in (product, product.product_tmpl_id):
            rows[record._table] = sql.read_row(env.cr, record._table, record.id)
    return rows


def _write_products(
    env: Any, rows: dict[str, dict[str, Any]], companies: list[Any]
) -> None:
    cr = env.cr
    template = {
        "id": "p.template_id", "name": "jsonb_build_object('en_US', p.name)",
        "default_code": "p.code", "list_price": "p.price", "categ_id": "p.categ_id",
    }  # fmt: skip
    if "prm_sales_pack" in rows["product_template"]:
        template["prm_sales_pack"] = "p.sales_pack"
    sql.clone(cr, "product_template", rows["product_template"], template, "h_product p")
    costs = ", ".join(f"'{int(company.id)}', p.cost" for company in companies)
    product = {
        "id": "p.product_id", "product_tmpl_id": "p.template_id",
        "default_code": "p.code",
        "standard_price": f"jsonb_build_object({costs})",
    }  # fmt: skip
    sql.clone(cr, "product_product", rows["product_product"], product, "h_product p")
    for name, taxes in (
        ("taxes_id", [company.account_sale_tax_id for company in companies]),
        (
            "supplier_taxes_id",
            [company.account_purchase_tax_id for company in companies],
        ),
    ):
        field = env["product.template"]._fields[name]
        for tax in filter(None, taxes):
            select = f"SELECT template_id, {int(tax.id)} FROM h_product"  # noqa: S608
            sql.link(cr, field.relation, (field.column1, field.column2), select)
    field = env["product.template"]._fields["uom_ids"]
    dozen = int(env.ref("uom.product_uom_dozen").id)
    select = f"SELECT template_id, {dozen} FROM h_product WHERE sold_by = 'dozen'"  # noqa: S608
    sql.link(cr, field.relation, (field.column1, field.column2), select)


def make_resellers(env: Any, resellers: pd.DataFrame, invented: bool) -> pd.DataFrame:
    """Make the resellers' companies and, for invented ones, contacts and coordinates.

    :return: ``resellers`` with partner_id.
    """
    every = env["res.country"].search([])
    countries = {one.name: one for one in every} | {one.code: one for one in every}
    states = {
        (state.country_id.code, state.name): state.id
        for state in env["res.country.state"].search([])
    }
    term = env.ref("account.account_payment_term_30days", raise_if_not_found=False)
    values = []
    for row in rows(resellers):
        country = countries.get(row.country)
        values.append(
            {
                "name": row.name, "ref": row.reseller, "is_company": True,
                "company_type": "company", "street": row.street or False,
                "city": row.city or False, "zip": row.zip or False,
                "country_id": country.id if country else False,
                "state_id": states.get((row.country, row.state), False),
                "email": row.email or False, "phone": row.phone or False,
                "customer_rank": 1,
            }
        )  # fmt: skip
    partners = env["res.partner"].create(values)
    if term:
        for company in env["res.company"].search([]):
            partners.with_company(company).property_payment_term_id = term
    if invented:
        _contacts(env, resellers, partners)
        _coordinates(resellers, partners)
    return resellers.assign(partner_id=partners.ids)


def _contacts(env: Any, resellers: pd.DataFrame, partners: Any) -> None:
    """One or two people at each reseller: who buys, and who pays."""
    second = draw(resellers["reseller"], "second contact") < 0.5
    values = []
    for row, partner, two in zip(rows(resellers), partners, second, strict=True):
        for job in ("Buyer", "Owner")[: 1 + two]:
            name = places.contact_name(row.reseller + job, row.country)
            mail = f"{name.split()[0].lower()}.{row.reseller.lower()}@example.com"
            values.append(
                {"name": name, "parent_id": partner.id, "type": "contact",
                 "function": job, "email": mail}
            )  # fmt: skip
    env["res.partner"].create(values)


def _coordinates(resellers: pd.DataFrame, partners: Any) -> None:
    """Last: Odoo's Geolocation app empties them whenever an address is written."""
    for row, partner in zip(rows(coordinates.place(resellers)), partners, strict=True):
        if row.latitude or row.longitude:
            partner.partner_latitude = row.latitude
            partner.partner_longitude = row.longitude


def make_portal_user(
    env: Any, partner: Any, companies: list[Any], password: str
) -> Any:
    """Let the first contact of a reseller into the portal.

    :param password: its hash.
    """
    contact = partner.child_ids[:1]
    if not contact:
        name = f"Buyer, {partner.name}"
        contact = contact.create({"name": name, "parent_id": partner.id})
    contact.email = contact.email or "buyer@example.com"
    user = env["res.users"].create(
        {
            "partner_id": contact.id,
            "login": contact.email,
            "company_id": companies[0].id,
            "company_ids": [(6, 0, [company.id for company in companies])],
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
    user._set_encrypted_password(user.id, password)
    return user
