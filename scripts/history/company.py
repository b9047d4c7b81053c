"""The distributors: companies, taxes, warehouses, people, tiers, price lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from history.frames import TIER_DISCOUNT, TIERS
from history.people import MANAGER, PASSWORD, PEOPLE

COMPANIES: dict[int, dict[str, Any]] = {
    1: {
        "name": "Nusantara Niaga", "country": "ID", "currency": "USD", "code": "JKT",
        "street": "Jalan Pelabuhan 8", "city": "Jakarta Utara", "zip": "14310",
        "state": "Jakarta", "tax": ("PPN 11%", 11.0), "email": "office@niaga.example",
    },
    2: {
        "name": "Hansa Vertrieb", "country": "DE", "currency": "EUR", "code": "HAM",
        "street": "Am Kai 21", "city": "Hamburg", "zip": "20457", "state": "Hamburg",
        "tax": ("USt 19%", 19.0), "email": "kontor@hansa-vertrieb.example",
    },
}  # fmt: skip


@dataclass
class Setup:
    """What the rest of the load refers to."""

    companies: dict[int, Any] = field(default_factory=dict)
    warehouses: dict[int, Any] = field(default_factory=dict)
    users: dict[str, Any] = field(default_factory=dict)
    tiers: dict[tuple[int, str], Any] = field(default_factory=dict)
    password: str = ""  # its hash


def set_up(env: Any, accounts: pd.DataFrame, invented: bool) -> Setup:
    """Make everything there is before the first product.

    :param accounts: who buys from which company; companies and salespeople that
        nobody needs are not made.
    :param invented: the made-up distributors; somebody's own history keeps the
        company that is in the database.
    """
    setup = Setup()
    _switch_on(env)
    for number in sorted(accounts["company"].unique()):
        setup.companies[number] = _company(env, int(number), invented)
    env.user.company_ids = [(4, company.id) for company in setup.companies.values()]
    for number, company in setup.companies.items():
        setup.warehouses[number] = _warehouse(env, company, number, invented)
        _tiers(env, setup, number, set(accounts["tier"]))
    _people(env, setup, set(accounts["salesperson"]))
    return setup


def _switch_on(env: Any) -> None:
    """Price lists and units of measure are features that Odoo hides at first."""
    everybody = env.ref("base.group_user")
    for feature in ("product.group_product_pricelist", "uom.group_uom"):
        everybody._apply_group(env.ref(feature))


def _company(env: Any, number: int, invented: bool) -> Any:
    main = env.ref("base.main_company")
    if not invented:
        return main
    data = COMPANIES[number]
    country = env["res.country"].search([("code", "=", data["country"])])
    currency = (
        env["res.currency"]
        .with_context(active_test=False)
        .search([("name", "=", data["currency"])])
    )
    currency.active = True
    values = {name: data[name] for name in ("name", "street", "city", "zip", "email")}
    if number == 1:
        main.write(values)
        if main.currency_id != currency:
            main.currency_id = currency
        company = main
    else:
        values["currency_id"] = currency.id
        if "iap_enrich_auto_done" in env["res.company"]._fields:
            values["iap_enrich_auto_done"] = True  # asks no service about it
        company = env["res.company"].create(values)
        _chart(env, company)
        company.currency_id = currency  # the generic chart brings its own
    # By way of the partner: a company that changes its country asks for the
    # country's localisation, which is no business of a demo.
    state = country.state_ids.filtered(lambda one: one.name == data["state"])
    company.partner_id.write({"country_id": country.id, "state_id": state.id})
    _taxes(env, company, country, *data["tax"])
    return company


def _chart(env: Any, company: Any) -> None:
    template = env["account.chart.template"].with_context(
        allowed_company_ids=[company.id, *env.companies.ids]
    )
    template.try_loading("generic_coa", company=company, install_demo=False)


def _taxes(env: Any, company: Any, country: Any, name: str, amount: float) -> None:
    """Give the generic tax the rate of the country; nothing uses it yet."""
    tax = company.account_sale_tax_id
    tax.write({"name": name, "amount": amount, "invoice_label": name})
    purchase = company.account_purchase_tax_id
    purchase.write({"name": name, "amount": amount, "invoice_label": name})
    positions = env["account.fiscal.position"].search(
        [("company_id", "=", company.id), ("auto_apply", "=", True)],
        order="sequence, id",
    )
    if positions:
        positions[0].country_id = country


def _warehouse(env: Any, company: Any, number: int, invented: bool) -> Any:
    warehouse = env["stock.warehouse"].search(
        [("company_id", "=", company.id)], limit=1
    )
    if not invented:
        return warehouse
    data = COMPANIES[number]
    values = {"name": f"{data['city']} warehouse", "code": data["code"]}
    if warehouse:
        warehouse.write(values)
        return warehouse
    return warehouse.create(
        {**values, "company_id": company.id, "partner_id": company.partner_id.id}
    )


def _tiers(env: Any, setup: Setup, number: int, wanted: set[str]) -> None:
    """Four tiers of a company, each with a price list; the ones that Odoo brings
    are used by the first company."""
    company = setup.companies[number]
    for position, tier in enumerate(TIERS):
        if tier not in wanted:
            continue
        discount = TIER_DISCOUNT[tier]
        rule = {
            "applied_on": "3_global",
            "compute_price": "percentage",
            "percent_price": discount,
        }
        pricelist = env["product.pricelist"].create(
            {
                "name": f"{tier} {company.name}",
                "company_id": company.id,
                "currency_id": company.currency_id.id,
                "item_ids": [(0, 0, rule)],
            }
        )
        there = env["res.partner.grade"].search(
            [("name", "=", tier), ("company_id", "in", [False, company.id])], limit=1
        )
        values = {
            "name": tier,
            "company_id": company.id,
            "sequence": 4 - position,
            "default_pricelist_id": pricelist.id,
        }
        if there and number == 1:
            there.write(values)
        else:
            there = there.create(values)
        setup.tiers[number, tier] = there


def _people(env: Any, setup: Setup, wanted: set[str]) -> None:
    """Salespeople see their own documents only, the manager everything."""
    keys = sorted(wanted - {""})
    values = []
    for key in keys:
        name, login, number = PEOPLE[key]
        values.append(_user_values(name, login, [setup.companies[number]]))
    everywhere = list(setup.companies.values())
    values.append(_user_values(*MANAGER, everywhere))
    users = env["res.users"].create(values)
    setup.users = dict(zip([*keys, "manager"], users, strict=True))
    manager = setup.users["manager"]
    (users - manager).group_ids = [_link(env, "sales_team.group_sale_salesman")]
    manager.group_ids = [
        _link(env, "sales_team.group_sale_manager"),
        _link(env, "stock.group_stock_manager"),
        _link(env, "account.group_account_invoice"),
    ]
    # One hash for all: making it takes most of a second, by intention.
    setup.password = env["res.users"]._crypt_context().hash(PASSWORD)
    for user in users:
        user._set_encrypted_password(user.id, setup.password)
    admin = env.ref("base.user_admin")
    admin.company_ids = [(4, company.id) for company in everywhere]
    for number, company in setup.companies.items():
        if number > 1:
            name = f"Sales {company.city}"
            env["crm.team"].create({"name": name, "company_id": company.id})


def _link(env: Any, group: str) -> tuple[int, int]:
    return (4, env.ref(group).id)


def _user_values(name: str, login: str, companies: list[Any]) -> dict[str, Any]:
    home = companies[0]
    german = home.country_id.code == "DE"
    return {
        "name": name,
        "login": login,
        "email": f"{login}@{home.name.split()[0].lower()}.example",
        "company_id": home.id,
        "company_ids": [(6, 0, [company.id for company in companies])],
        "tz": "Europe/Berlin" if german else "Asia/Jakarta",
    }
