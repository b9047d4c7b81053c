"""The shape every history has on its way from a source to the loader."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

ORDER_COLUMNS = [
    "company",
    "reseller",
    "product",
    "order",
    "date",
    "quantity",
    "amount",
]
PRODUCT_COLUMNS = [
    "product",
    "code",
    "name",
    "category",
    "price",
    "cost",
    "sales_pack",
    "sold_by",
]
RESELLER_COLUMNS = [
    "reseller",
    "name",
    "street",
    "city",
    "zip",
    "state",
    "country",
    "email",
    "phone",
    "tier",
    "company",
    "salesperson",
]
ACCOUNT_COLUMNS = ["reseller", "company", "tier", "salesperson"]
TIERS = ("Bronze", "Silver", "Gold", "Platinum")
TIER_DISCOUNT = {"Bronze": 0, "Silver": 4, "Gold": 8, "Platinum": 12}


@dataclass(frozen=True)
class History:
    """Four tables; every id is a string.

    ``orders`` has one row a line and is the only one with dates; ``accounts``
    has one row for each reseller and distributor (company 1 or 2) it buys from.
    """

    orders: pd.DataFrame
    products: pd.DataFrame
    resellers: pd.DataFrame
    accounts: pd.DataFrame

    def summary(self) -> str:
        """Say in one line how much there is."""
        days = self.orders["date"]
        return (
            f"{len(self.resellers):,} resellers, {len(self.products):,} products, "
            f"{self.orders['order'].nunique():,} orders, {len(self.orders):,} lines, "
            f"{days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}"
        )


def rows(frame: pd.DataFrame, index: bool = True) -> Iterator[Any]:
    """Go through a table row by row: for tables of a few hundred rows."""
    return iter(frame.itertuples(index=index))


def draw(keys: pd.Series, purpose: str) -> pd.Series:
    """Give each key a number in [0, 1) that depends on the key alone.

    A hash instead of a random generator: adding a row changes no other row.
    """
    hashed: Any = pd.util.hash_array(
        (keys.astype(str) + "/" + purpose).to_numpy(dtype=object), categorize=False
    )
    return pd.Series((hashed >> 11) / float(1 << 53), index=keys.index)


def write(history: History, folder: Path, invented: bool) -> None:
    """Write the tables as CSV; ``orders.csv`` appears last and whole, so that a
    folder with it is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    if invented:
        (folder / "invented").touch()
    for name, columns in (
        ("products", PRODUCT_COLUMNS),
        ("resellers", RESELLER_COLUMNS),
        ("accounts", ACCOUNT_COLUMNS),
        ("orders", ORDER_COLUMNS),
    ):
        table = getattr(history, name)
        part = folder / f"{name}.csv.part"
        table[columns].to_csv(part, index=False)
        part.rename(folder / f"{name}.csv")
