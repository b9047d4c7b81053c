"""Who looks after which region: the made-up distributors' sales territories.

The history's salesperson of an account and the territory's in Odoo are the same,
because both are read from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from history.company import Setup


@dataclass(frozen=True)
class Territory:
    """A region of one distributor and its salesperson.

    It is named by zip ranges, else by states, else it is the rest of its country:
    the nearer one wins, as in Odoo.
    """

    name: str
    company: int
    salesperson: str
    country: str
    zips: tuple[tuple[str, str], ...] = ()
    states: tuple[str, ...] = ()

    def distance(self, account: Any) -> int:
        """How near an account's address is: 0 is nearest, 3 is outside."""
        if (self.company, self.country) != (account.company, account.country):
            return 3
        if self.zips:
            inside = any(
                low <= account.zip[: len(low)] <= high for low, high in self.zips
            )
            return 0 if inside else 3
        if self.states:
            return 1 if account.state in self.states else 3
        return 2


TERRITORIES = [
    Territory("Germany", 1, "sales1", "DE"),
    Territory(
        "Britain, South", 1, "sales2", "GB",
        states=("London", "Avon", "Berkshire", "Cambridgeshire", "Devon", "East Sussex",
                "Hampshire", "Kent", "Norfolk", "Oxfordshire", "South Glamorgan"),
    ),
    Territory("Britain, North", 1, "sales3", "GB"),
    Territory(
        "Jakarta and West Java", 1, "sales4", "ID",
        zips=(("10000", "19999"), ("40000", "46999")),
    ),
    Territory("Sumatra", 1, "sales5", "ID", zips=(("20000", "39999"),)),
    Territory("Central Java to Sulawesi", 1, "sales6", "ID"),
    Territory("North and East", 2, "sales8", "DE", zips=(("00000", "39999"),
                                                        ("98000", "99999"))),
    Territory("West and South", 2, "sales7", "DE", zips=(("40000", "97999"),)),
]  # fmt: skip


def salespeople(accounts: pd.DataFrame) -> list[str]:
    """Give each account its salesperson.

    :param accounts: with company, country, state and zip.
    """
    return [
        min(TERRITORIES, key=lambda territory: territory.distance(row)).salesperson
        for row in accounts.itertuples(index=False)
    ]


def make_territories(env: Any, setup: Setup) -> None:
    """Make them in Odoo; the relationships made afterwards find theirs."""
    countries = {
        code: env["res.country"].search([("code", "=", code)])
        for code in {one.country for one in TERRITORIES}
    }
    values = []
    for one in TERRITORIES:
        country = countries[one.country]
        states = country.state_ids.filtered(lambda s, t=one: s.name in t.states)
        whole = not (one.zips or one.states)
        ranges = [
            (0, 0, {"country_id": country.id, "zip_from": low, "zip_to": high})
            for low, high in one.zips
        ]
        values.append(
            {
                "name": one.name,
                "company_id": setup.companies[one.company].id,
                "user_id": setup.users[one.salesperson].id,
                "country_ids": [(6, 0, country.ids if whole else [])],
                "state_ids": [(6, 0, states.ids)],
                "zip_ids": ranges,
            }
        )
    env["prm.territory"].create(values)
