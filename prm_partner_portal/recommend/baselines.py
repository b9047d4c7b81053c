"""Simple methods that the engine has to beat."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

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
    def scores(self, pairs: npt.NDArray[np.int32]) -> npt.NDArray:
        """Return the score of each cell; 0 or less is not listed."""

    def lists(
        self, resellers: _Ints, wanted: Mapping[str, int], products: _Mask
    ) -> Listed:
        """List the highest scores of each reseller; see :class:`ListMaker`."""
        step = max(1, _BLOCK_CELLS // max(len(products), 1))
        parts = []
        for start in range(0, len(resellers), step):
            some = resellers[start : start + step]
            pairs = self.history_.positions(some)
            scores = self.scores(pairs)
            rows, columns = np.nonzero((scores > 0) & products)
            score, pair = scores[rows, columns], pairs[rows, columns].astype(np.int64)
            tie = self.history_.popularity_rank[columns]
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

    def scores(self, pairs: npt.NDArray[np.int32]) -> npt.NDArray:
        """Return the number of recent buyers, the same for everyone."""
        return np.broadcast_to(self.buyers_, pairs.shape)


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

    def scores(self, pairs: npt.NDArray[np.int32]) -> npt.NDArray:
        """Return the number of recent orders with the product."""
        return np.where(pairs >= 0, np.append(self.counts_, 0.0)[pairs], 0.0)


class OwnRecent(Baseline):
    """What the reseller bought often and lately, then bestsellers as fill."""

    name = "own_recent"

    def __init__(self, *, days: int = 60) -> None:
        super().__init__(days=days)

    def fit(self, history: History) -> OwnRecent:
        """Count each reseller's orders of each product, older ones less."""
        super().fit(history)
        self.counts_ = history.decayed(float(self.days)) + 1.0
        buyers = history.buyers_between(history.day - 28, history.day)
        self.fill_ = buyers / (buyers.max(initial=0) + 1.0)
        return self

    def scores(self, pairs: npt.NDArray[np.int32]) -> npt.NDArray:
        """Return one plus the decayed count, else a share below one."""
        return np.where(pairs >= 0, np.append(self.counts_, 0.0)[pairs], self.fill_)
