"""Simple methods that the engine has to beat."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from .candidates import first_new
from .frequency import own_frequency
from .history import History
from .lists import Listed, cut_lists

__all__ = ["Baseline", "Bestsellers", "OwnRecent", "OwnUsual"]

_Ints = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]
_BLOCK_CELLS = 4_000_000


class Baseline(ABC):
    """A method that scores products from simple counts.

    Parameters
    ----------
    days
        Days that count, or half-life in days.
    """

    name = ""

    def __init__(self, *, days: int) -> None:
        self.days = days

    def fit(self, history: History) -> Baseline:
        """Keep the history; ties fall to the more popular product."""
        self.history_ = history
        return self

    @abstractmethod
    def own_scores(self) -> npt.NDArray:
        """Return the score of each pair; 0 or less is not listed."""

    @abstractmethod
    def new_scores(self) -> npt.NDArray:
        """Return the score of each product for those who never bought it."""

    def lists(
        self, resellers: _Ints, wanted: Mapping[str, int], products: _Mask
    ) -> Listed:
        """List the highest scores of each reseller; see :class:`ListMaker`."""
        history = self.history_
        own, new = np.append(self.own_scores(), 0.0), self.new_scores()
        order = np.lexsort((history.popularity_rank, -new))
        order, longest = order[new[order] > 0], max(wanted.values())
        step = max(1, _BLOCK_CELLS // max(len(products), 1))
        parts = []
        for start in range(0, len(resellers), step):
            some = resellers[start : start + step]
            pairs = history.positions(some)
            allowed = np.broadcast_to(products, pairs.shape)
            marked = first_new(pairs, allowed, order, longest)
            marked |= (pairs >= 0) & allowed
            rows, columns = np.nonzero(marked)
            pair = pairs[rows, columns].astype(np.int64)
            score = np.where(pair >= 0, own[pair], new[columns])
            kept = score > 0
            rows, columns, pair, score = (x[kept] for x in (rows, columns, pair, score))
            tie = history.popularity_rank[columns]
            parts.append(cut_lists(some, rows, columns, score, pair, tie, wanted))
        return Listed.joined(parts)


class Bestsellers(Baseline):
    """The products with most buyers in the last days."""

    name = "bestsellers"

    def __init__(self, *, days: int = 28) -> None:
        super().__init__(days=days)

    def fit(self, history: History) -> Bestsellers:
        """Count recent buyers."""
        super().fit(history)
        self.buyers_ = history.buyers_between(history.day - self.days, history.day)
        return self

    def own_scores(self) -> npt.NDArray:
        """Return the number of recent buyers of the pair's product."""
        return self.buyers_[self.history_.pair_product]

    def new_scores(self) -> npt.NDArray:
        """Return the number of recent buyers."""
        return self.buyers_


class OwnUsual(Baseline):
    """What the reseller bought most often in the last six months."""

    name = "own_usual"

    def __init__(self, *, days: int = 182) -> None:
        super().__init__(days=days)

    def fit(self, history: History) -> OwnUsual:
        """Count each reseller's recent orders of each product."""
        super().fit(history)
        recent = history.purchases.day > history.day - self.days
        self.counts_ = history.sum_by_pair(recent.astype(np.float32))
        return self

    def own_scores(self) -> npt.NDArray:
        """Return the number of recent orders with the product."""
        return self.counts_

    def new_scores(self) -> npt.NDArray:
        """Return nothing: new products are never listed."""
        return np.zeros(self.history_.n_products)


class OwnRecent(Baseline):
    """What the reseller bought often and lately, then bestsellers as fill."""

    name = "own_recent"

    def __init__(self, *, days: int = 60) -> None:
        super().__init__(days=days)

    def fit(self, history: History) -> OwnRecent:
        """Count each reseller's orders of each product, older ones less."""
        super().fit(history)
        self.counts_, self.fill_ = own_frequency(history, float(self.days))
        return self

    def own_scores(self) -> npt.NDArray:
        """Return one plus the decayed count."""
        return self.counts_

    def new_scores(self) -> npt.NDArray:
        """Return a share below one of the recent buyers."""
        return self.fill_
