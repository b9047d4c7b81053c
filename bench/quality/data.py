"""The histories, and what is known of them on a day."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from history.journey import build
from recommend import RecommenderConfig, TimeSplit
from recommend.dataset import Dataset
from recommend.history import History
from recommend.judgement import Judge

HORIZON = 28
LEAST_BUYERS = 5
JOURNEY_END = datetime.date(2025, 12, 31)
_COMMON_WORD = 10
"""Products that share a last word, from which on it counts as their category."""
_PRICE_BANDS = 5


@dataclass(frozen=True)
class Shop:
    """A whole history: order lines, and what is known of products and resellers."""

    name: str
    orders: pd.DataFrame
    products: pd.DataFrame
    resellers: pd.DataFrame

    @cached_property
    def end(self) -> pd.Timestamp:
        """The last day with an order."""
        return self.orders["date"].max()

    def cutoffs(self, count: int) -> list[str]:
        """Return the days before the last windows, the last one first."""
        return TimeSplit(days=HORIZON, cutoffs=count).split(self.end)

    def some(self, resellers: np.ndarray) -> Shop:
        """Return what these resellers alone bought."""
        lines = self.orders[self.orders["reseller"].isin(resellers)]
        kept = self.resellers["reseller"].isin(resellers)
        return Shop(self.name, lines, self.products, self.resellers[kept])


class Split:
    """What is known on a day, and the judge who knows the window after it.

    ::

        ············· known, `before` ·············|— window —|
                                                 cut-off    + 28 days

    Parameters
    ----------
    shop
        The history; nothing after the window is looked at.
    cutoff
        The last known day.
    catalogue
        What may be listed, in the columns of the engine; the products with five
        buyers or more when None.
    """

    def __init__(
        self, shop: Shop, cutoff: str, catalogue: pd.DataFrame | None = None
    ) -> None:
        self.shop = shop
        self.cutoff = cutoff
        day = pd.Timestamp(cutoff)
        dates = shop.orders["date"]
        self.known = shop.orders[dates <= day]
        until = day + pd.Timedelta(days=HORIZON)
        self.window = shop.orders[(dates > day) & (dates <= until)]
        buyers = self.known.groupby("product", observed=True)["reseller"].nunique()
        self.listed = buyers.index[buyers >= LEAST_BUYERS].to_numpy()
        table = shop.products
        often = table[table["product"].isin(self.listed)]
        self.catalogue = often if catalogue is None else catalogue

    @cached_property
    def before(self) -> Dataset:
        """What was known, checked and in codes."""
        return Dataset.from_frames(
            self.known, self.catalogue, self.shop.resellers, self.cutoff
        )

    @cached_property
    def judge(self) -> Judge:
        """Who knows what was bought in the window."""
        lines = pd.concat([self.known, self.window])
        end = str((pd.Timestamp(self.cutoff) + pd.Timedelta(days=HORIZON)).date())
        later = Dataset.from_frames(lines, None, None, end)
        return Judge.across(self.before, later, RecommenderConfig(horizon_days=HORIZON))

    def history(self, windows_back: int = 0) -> History:
        """Return all that was known on the cut-off, or some windows before it."""
        data = self.before
        day = data.as_of - HORIZON * windows_back
        return History(data.purchases, data.n_resellers, data.n_products, day)


def online_retail(path: Path) -> Shop:
    """Read UCI Online Retail II: credit notes left out, categories from names."""
    lines = pd.read_parquet(path)
    lines = lines[~lines["cancel"]]
    orders = pd.DataFrame(
        {
            "reseller": lines["customer"].to_numpy(),
            "product": lines["product"].astype(str).to_numpy(),
            "order": lines["basket"].to_numpy(),
            "date": lines["date"].astype("datetime64[s]").to_numpy(),
            "quantity": lines["quantity"].to_numpy(dtype=float),
        }
    )
    orders["product"] = orders["product"].astype("category")
    price = lines.groupby(lines["product"].astype(str))["price"].median()
    names = pd.read_parquet(path.with_name(f"{path.stem}_products.parquet"))
    products = pd.DataFrame({"product": sorted(orders["product"].unique())})
    known = names.drop_duplicates("product").set_index("product")["name"]
    products["name"] = products["product"].map(known).fillna("").str.strip()
    products["category"] = _categories(products["name"])
    products["price"] = products["product"].map(price).round(2)
    bands = pd.qcut(products["price"], _PRICE_BANDS, labels=False, duplicates="drop")
    products["price_band"] = bands.map("band {:.0f}".format)
    customers = pd.read_parquet(path.with_name(f"{path.stem}_customers.parquet"))
    resellers = customers.rename(columns={"customer": "reseller"})
    resellers = resellers[resellers["reseller"].isin(orders["reseller"])]
    resellers = resellers.drop_duplicates("reseller")
    return Shop("online_retail2", orders, products, resellers)


def journey(path: Path) -> Shop:
    """Make the demo's history of the Complete Journey data; `path` is not needed."""
    made = build(JOURNEY_END)
    orders = made.orders
    orders = orders[(orders["company"].astype(str) == "1") & (orders["quantity"] > 0)]
    orders = orders[["reseller", "product", "order", "date", "quantity"]].copy()
    orders["date"] = orders["date"].dt.normalize().astype("datetime64[s]")
    products = made.products[["product", "name", "category", "price"]]
    resellers = made.resellers[["reseller", "tier", "country"]]
    resellers = resellers[resellers["reseller"].isin(orders["reseller"])]
    return Shop("journey", orders, products, resellers)


HISTORIES: dict[str, Callable[[Path], Shop]] = {
    "online_retail2": online_retail,
    "journey": journey,
}


def _categories(names: pd.Series) -> pd.Series:
    """Return the last word of each name where many share it, else nothing."""
    last = names.str.upper().str.split().str[-1]
    # LIGHTS and LIGHT are one category.
    last = last.str.replace(r"(?<=[A-Z]{3})S$", "", regex=True)
    counts = last.map(last.value_counts())
    return last.where(counts >= _COMMON_WORD)
