"""The truth of one window, and lists held against it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from .config import RecommenderConfig
from .dataset import Dataset, Purchases
from .history import History
from .lists import Listed, purpose_mask
from .metrics import (
    brier_score,
    catalogue_coverage,
    hit_rate,
    ndcg,
    precision,
    recall,
)

__all__ = ["Judge", "day_text"]

_Ints = npt.NDArray[np.int64]
_LEAST_ORDERS = 3
_LEAST_BUYERS = 5


def day_text(day: int) -> str:
    """Return a day since 1970-01-01 as ISO text.

    Examples
    --------
    >>> day_text(0)
    '1970-01-01'
    """
    return str(np.datetime64(day, "D"))


class Judge:
    """What was bought in the window after a history.

    Parameters
    ----------
    history
        What was known.
    window
        Purchases after it, in the codes of the history.

    Attributes
    ----------
    products
        Products that five or more resellers had bought, by code.
    eligible
        Resellers with three or more orders.
    resellers
        Those of them that bought such a product in the window.
    cold_resellers, cold_products
        Left out: who bought in the window but had fewer orders, and what was
        bought in it but had fewer buyers.
    """

    def __init__(self, history: History, window: Purchases) -> None:
        self.day = history.day
        self.size = history.n_products
        self.products = history.buyers >= _LEAST_BUYERS
        known = history.n_orders >= _LEAST_ORDERS
        self.eligible = np.flatnonzero(known)
        reseller = window.reseller.astype(np.int64)
        product = window.product.astype(np.int64)
        warm, sold = known[reseller], self.products[product]
        self.cold_resellers = len(np.unique(reseller[~warm]))
        self.cold_products = len(np.unique(product[~sold]))
        kept = warm & sold
        self.keys = np.unique(reseller[kept] * self.size + product[kept])
        self.resellers = np.unique(reseller[kept])
        pairs = history.pair_reseller.astype(np.int64) * self.size
        pairs += history.pair_product
        self.old = np.isin(self.keys, pairs)

    @classmethod
    def across(
        cls,
        before: Dataset,
        later: Dataset,
        config: RecommenderConfig,
    ) -> Judge:
        """Take the window from a dataset that reaches further, with other codes."""
        window = later.purchases.between(
            before.as_of, before.as_of + config.horizon_days
        )
        reseller = _translate(later.reseller_ids, before.reseller_ids)[window.reseller]
        product = _translate(later.product_ids, before.product_ids)[window.product]
        known = (reseller >= 0) & (product >= 0)
        sizes = before.n_resellers, before.n_products
        judge = cls(
            History(before.purchases, *sizes, before.as_of),
            Purchases(
                reseller[known].astype(np.int32),
                product[known].astype(np.int32),
                window.day[known],
                window.quantity[known],
            ),
        )
        judge.cold_resellers += len(np.unique(window.reseller[reseller < 0]))
        judge.cold_products += len(np.unique(window.product[product < 0]))
        return judge

    def limit(self, most: int) -> Judge:
        """Judge at most so many resellers, taken at equal distances."""
        if len(self.resellers) > most:
            places = np.linspace(0, len(self.resellers) - 1, most).astype(np.int64)
            self.resellers = self.resellers[places]
            kept = np.isin(self.keys // self.size, self.resellers)
            self.keys, self.old = self.keys[kept], self.old[kept]
        return self

    def keys_of(self, purpose: str) -> _Ints:
        """Return what was bought of that which a purpose may list."""
        keys: _Ints = self.keys[purpose_mask(purpose, self.old)]
        return keys

    def rows(
        self, method: str, listed: Listed, wanted: Mapping[str, int]
    ) -> list[dict[str, Any]]:
        """Return one row of metrics a purpose.

        Parameters
        ----------
        method
            Name for the rows.
        listed
            Lists made one purpose after the other, block by block.
        wanted
            Purposes with the length of their lists.
        """
        rows = []
        for purpose, lines in _by_purpose(listed, wanted).items():
            rows.append(self._row(method, purpose, lines, wanted[purpose]))
        return rows

    def _row(
        self, method: str, purpose: str, listed: Listed, length: int
    ) -> dict[str, Any]:
        keys = self.keys_of(purpose)
        bought = np.isin(listed.reseller * self.size + listed.product, keys)
        judged, relevant = np.unique(keys // self.size, return_counts=True)
        hits = np.zeros((len(judged), length), dtype=bool)
        place = np.searchsorted(judged, listed.reseller)
        place = np.minimum(place, max(len(judged) - 1, 0))
        inside = np.isin(listed.reseller, judged)
        hits[place[inside], listed.rank[inside] - 1] = bought[inside]
        row: dict[str, Any] = {
            "method": method,
            "cutoff": day_text(self.day),
            "purpose": purpose,
            "judged": len(judged),
        }
        for k in (10, 20):
            row |= _metrics(hits[:, :k], relevant, k)
        shown = listed.product[inside & (listed.rank <= 10)]
        row["coverage@10"] = catalogue_coverage(shown, int(self.products.sum()))
        if method == "engine":
            row["brier"] = brier_score(listed.probability, bought)
            row["expected"] = float(listed.probability.sum())
            row["bought"] = int(bought.sum())
        return row


def _metrics(hits: npt.NDArray[np.bool_], relevant: _Ints, k: int) -> dict[str, float]:
    values = {
        "precision": precision(hits),
        "recall": recall(hits, relevant),
        "ndcg": ndcg(hits, relevant),
        "hit": hit_rate(hits),
    }
    row = {}
    for name, value in values.items():
        size = len(value)
        row[f"{name}@{k}"] = float(value.mean()) if size else float("nan")
        error = value.std(ddof=1) / np.sqrt(size) if size > 1 else float("nan")
        row[f"{name}@{k}_se"] = float(error)
    return row


def _by_purpose(listed: Listed, wanted: Mapping[str, int]) -> dict[str, Listed]:
    return {
        purpose: listed.chosen(listed.purpose == place)
        for place, purpose in enumerate(wanted)
    }


def _translate(ids: npt.NDArray[np.object_], known: npt.NDArray[np.object_]) -> _Ints:
    codes = {value: code for code, value in enumerate(known)}
    return np.array([codes.get(value, -1) for value in ids], dtype=np.int64)
