"""What own frequency would say if it spoke in probabilities."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from recommend.baselines import OwnRecent
from recommend.history import History
from sklearn.isotonic import IsotonicRegression

from ..data import HORIZON, Split
from ..lines import Ints, Mask

Reals = npt.NDArray[np.float64]


class OwnChance:
    """Recency-weighted own frequency with fill, each score with its historic rate.

    The rates are those of the window before the cut-off, by isotonic regression:
    of a reseller's own products by their score, of new ones by the fill.
    """

    def __init__(self, split: Split) -> None:
        products = split.judge.products
        before, history = split.history(1), split.history()
        inside = history.purchases.between(before.day, before.day + HORIZON)
        size = history.n_products
        truth = np.unique(inside.reseller.astype(np.int64) * size + inside.product)
        method = OwnRecent().fit(before)
        pairs = before.pair_reseller * size + before.pair_product
        kept = products[before.pair_product]
        own = np.asarray(method.own_scores(), dtype=np.float64)
        self._own = _rate(own[kept], np.isin(pairs[kept], truth), np.ones(kept.sum()))
        self._new = self._fill_rate(method, before, truth, pairs, products)
        self.history = history
        now = OwnRecent().fit(history)
        self.own_: Reals = self._own.predict(now.own_scores())
        self.new_: Reals = self._new.predict(now.new_scores())

    @staticmethod
    def _fill_rate(
        method: OwnRecent, before: History, truth: Ints, pairs: Ints, products: Mask
    ) -> IsotonicRegression:
        """Learn how many of those who never bought a product do so now."""
        size = before.n_products
        known = before.n_orders > 0
        fresh = truth[~np.isin(truth, pairs) & known[truth // size]]
        bought = np.bincount(fresh % size, minlength=size)
        others = int(known.sum()) - before.buyers
        kept = products & (others > 0)
        rate = bought[kept] / others[kept]
        return _rate(np.asarray(method.new_scores())[kept], rate, others[kept])

    def of(self, reseller: Ints, product: Ints) -> Reals:
        """Return the probability of each pair."""
        history, size = self.history, self.history.n_products
        pairs = history.pair_reseller * size + history.pair_product
        key = reseller * size + product
        place = np.minimum(np.searchsorted(pairs, key), len(pairs) - 1)
        own = pairs[place] == key
        return np.where(own, self.own_[place], self.new_[product])

    def buyers(self) -> Reals:
        """Return the sum over all resellers of each product's probabilities."""
        history = self.history
        size, product = history.n_products, history.pair_product
        own = np.bincount(product, weights=self.own_, minlength=size)
        others = int((history.n_orders > 0).sum()) - history.buyers
        total: Reals = own + others * self.new_
        return total


def _rate(
    scores: Reals, bought: npt.NDArray, weight: npt.NDArray
) -> IsotonicRegression:
    model = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    return model.fit(scores, bought.astype(np.float64), sample_weight=weight)
