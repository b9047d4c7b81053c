"""What was bought after a day, and lists held against it one reseller at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from recommend.dataset import Dataset
from recommend.lists import Listed
from recommend.metrics import ndcg

from .lines import Ints, Mask, codes_of


class Truth:
    """First purchase of each pair among some later order lines.

    Attributes
    ----------
    keys
        Reseller times the number of products plus product, sorted.
    day, quantity
        Day of the first purchase, and how much was bought on it.
    """

    def __init__(self, lines: pd.DataFrame, data: Dataset) -> None:
        self.size = data.n_products
        reseller = codes_of(lines["reseller"].to_numpy(), data.reseller_ids)
        product = codes_of(lines["product"].astype(object), data.product_ids)
        known = (reseller >= 0) & (product >= 0)
        key = (reseller * self.size + product)[known]
        dates = lines["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
        quantity = lines["quantity"].to_numpy(dtype=float)[known]
        table = pd.DataFrame({"key": key, "day": dates[known], "quantity": quantity})
        days = table.groupby(["key", "day"], sort=True)["quantity"].sum().reset_index()
        first = days.drop_duplicates("key")
        self.keys: Ints = first["key"].to_numpy()
        self.day: Ints = first["day"].to_numpy()
        self.quantity: npt.NDArray[np.float64] = first["quantity"].to_numpy()

    def find(self, reseller: Ints, product: Ints) -> Ints:
        """Return the place of each pair, -1 where it was not bought."""
        key = reseller * self.size + product
        if not len(self.keys):
            return np.full(len(key), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        return np.where(self.keys[place] == key, place, -1)


def ndcg_by_reseller(
    keys: Ints, size: int, resellers: Ints, products: Ints, rank: Ints, k: int = 10
) -> tuple[Ints, npt.NDArray[np.float64]]:
    """Return who bought, and the nDCG of each one's list; 0 without a list.

    Parameters
    ----------
    keys
        Pairs that were bought: reseller times `size` plus product.
    size
        Number of products.
    resellers, products, rank
        The lines of the lists.
    """
    judged, relevant = np.unique(keys // size, return_counts=True)
    inside = np.isin(resellers, judged) & (rank <= k)
    reseller, product, rank = resellers[inside], products[inside], rank[inside]
    hits = np.zeros((len(judged), k), dtype=bool)
    bought = np.isin(reseller * size + product, keys)
    hits[np.searchsorted(judged, reseller), rank - 1] = bought
    return judged, ndcg(hits, relevant)


def ndcg_of(
    listed: Listed, purpose: int, keys: Ints, size: int
) -> npt.NDArray[np.float64]:
    """Return the nDCG at 10 of each judged reseller's list of a purpose."""
    lines: Mask = listed.purpose == purpose
    reseller, product = listed.reseller[lines], listed.product[lines]
    return ndcg_by_reseller(keys, size, reseller, product, listed.rank[lines])[1]


def mean_and_error(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return the mean and its standard error."""
    size = len(values)
    if not size:
        return float("nan"), float("nan")
    error = float(values.std(ddof=1) / np.sqrt(size)) if size > 1 else float("nan")
    return float(values.mean()), error
