"""Active relationships between distributors and resellers, where the addon is."""

from __future__ import annotations

from typing import Any

import pandas as pd

from history.company import Setup
from history.frames import rows
from history.territories import make_territories


def make_relationships(
    env: Any, accounts: pd.DataFrame, setup: Setup, invented: bool
) -> Any:
    """Give every account its tier and price list.

    Without the addon the price list is all there is to give.

    :param accounts: with partner_id; company, tier and salesperson as keys.
    :param invented: the made-up distributors have territories, and who looks after
        an account is whoever looks after its territory; in somebody's own history
        a salesperson is chosen by hand.
    :return: the relationships, or None.
    """
    if "prm.relationship" not in env.registry:
        _price_lists(env, accounts, setup)
        return None
    users = {key: user.id for key, user in setup.users.items()}
    if invented:
        make_territories(env, setup)
    values = [
        {
            "company_id": setup.companies[row.company].id,
            "partner_id": row.partner_id,
            "state": "active",
            "grade_id": setup.tiers[row.company, row.tier].id if row.tier else False,
            "user_id": False if invented else users.get(row.salesperson, False),
        }
        for row in rows(accounts)
    ]
    return env["prm.relationship"].create(values)


def _price_lists(env: Any, accounts: pd.DataFrame, setup: Setup) -> None:
    for key, tier in setup.tiers.items():
        number, name = key
        mine = accounts[(accounts["company"] == number) & (accounts["tier"] == name)]
        partners = env["res.partner"].browse(mine["partner_id"].tolist())
        partners.with_company(
            setup.companies[number]
        ).specific_property_product_pricelist = tier.default_pricelist_id
