"""The survey's re-ranker: candidates and features, ordered by LambdaRank."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from recommend.history import History

from ..lines import Floats, Ints, Mask
from .base import NEVER, Peer
from .description import MONTH, Statistics, relative
from .ease import RecentEase
from .neighbours import ProductNeighbours, UserNeighbours
from .tifu import TemporalFrequency

_BLOCK = 256
_COUNTS = (150, 100)
"""Candidates of EASE and of UserKNN."""
_BESTSELLERS = 50


class Sources:
    """The methods that name candidates and whose scores are features."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.statistics = Statistics(history)
        self.neighbours = UserNeighbours()
        self.methods = [
            RecentEase(own=0.0).fit(history),
            self.neighbours.fit(history),
            TemporalFrequency(alpha=0.0).fit(history),
            ProductNeighbours().fit(history),
        ]
        late = history.buyers_between(history.day - MONTH, history.day)
        order = np.lexsort((history.popularity_rank, -late))
        self.bestsellers = order[:_BESTSELLERS]

    def candidates(self, resellers: Ints, allowed: Mask) -> tuple[Ints, Ints, Floats]:
        """Return row, product and features of the candidates of some resellers."""
        pairs = self.history.positions(resellers)
        cells = [
            np.maximum(self._cells(place, resellers), 0.0)
            for place in range(len(self.methods))
        ]
        marked = pairs >= 0
        for scores, count in zip(cells, _COUNTS, strict=False):
            fresh = np.where(allowed & (pairs < 0), scores, 0.0)
            edge = np.partition(fresh, -count, axis=1)[:, [-count]]
            marked |= (fresh >= edge) & (fresh > 0)
        marked[:, self.bestsellers] = True
        rows, products = np.nonzero(marked & allowed)
        columns: list[Floats] = []
        for scores in cells:
            column = scores[rows, products]
            columns += [column, relative(column, rows, scores)]
        features = self.statistics.describe(
            resellers[rows], products, pairs[rows, products].astype(np.int64), columns
        )
        return rows, products, features

    def _cells(self, place: int, resellers: Ints) -> Floats:
        if self.methods[place] is self.neighbours:
            return self.neighbours.others(resellers)
        return self.methods[place].scores(resellers)


class LambdaReranker(Peer):
    """Candidates + 35 features -> LightGBM LambdaRank (Burges 2010).

    Candidates: all bought before, 150 of EASE, 100 of UserKNN, 50 recent bestsellers.
    Labels: what was bought in the two windows before the day, at most 2,000 resellers a
    window.
    """

    name = "re-ranker (LambdaRank)"

    def __init__(
        self, *, windows: int = 2, resellers: int = 2000, trees: int = 300
    ) -> None:
        self.windows = windows
        self.resellers = resellers
        self.trees = trees

    def learn(self, history: History) -> None:
        """Learn from past windows; the sources know nothing of them."""
        from lightgbm import LGBMRanker

        parts = [part for w in range(self.windows) for part in self._past(history, w)]
        features, labels, groups = (
            np.concatenate([part[place] for part in parts]) for place in range(3)
        )
        del parts
        self.model_: Any = LGBMRanker(
            objective="lambdarank",
            n_estimators=self.trees,
            learning_rate=0.05,
            num_leaves=31,
            min_child_samples=50,
            colsample_bytree=0.8,
            lambdarank_truncation_level=20,
            n_jobs=1,
            random_state=1,
            deterministic=True,
            verbose=-1,
        )
        self.model_.fit(features, labels, group=groups)
        self.sources_ = Sources(history)

    def _past(self, history: History, window: int) -> list[tuple[npt.NDArray, ...]]:
        """Return features, labels and sizes of groups of one window, by blocks."""
        start = history.day - MONTH * (window + 1)
        sizes = history.n_resellers, history.n_products
        before = History(history.purchases, *sizes, start)
        bought = history.purchases.between(start, start + MONTH)
        chosen = np.unique(bought.reseller[before.n_orders[bought.reseller] > 0])
        if len(chosen) > self.resellers:
            places = np.linspace(0, len(chosen) - 1, self.resellers).astype(np.int64)
            chosen = chosen[places]
        truth = bought.reseller.astype(np.int64) * sizes[1] + bought.product
        sources, allowed = Sources(before), before.buyers >= 5
        parts: list[tuple[npt.NDArray, ...]] = []
        for place in range(0, len(chosen), _BLOCK):
            some = chosen[place : place + _BLOCK].astype(np.int64)
            rows, products, features = sources.candidates(some, allowed)
            labels = np.isin(some[rows] * sizes[1] + products, truth)
            groups = np.bincount(rows, minlength=len(some))
            parts.append((features, labels.astype(np.int8), groups[groups > 0]))
        return parts

    def scores(self, resellers: Ints) -> Floats:
        """Score the candidates; nothing else is ever listed."""
        allowed = self.history_.buyers >= 5
        rows, products, features = self.sources_.candidates(resellers, allowed)
        scores = np.full((len(resellers), self.history_.n_products), NEVER)
        scores[rows, products] = self.model_.booster_.predict(features, num_threads=1)
        return scores
