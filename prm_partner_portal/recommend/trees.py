"""Boosted trees: what a straight line through the features cannot tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["TreeRanker"]

_Floats = npt.NDArray[np.float32]
_LEAST_BOUGHT = 3000
_CHUNK = 50_000
_BINS = 128


class TreeRanker:
    """Gradient boosted trees that predict log-odds, for own and new alike.

    Parameters
    ----------
    rounds, leaves, least_rows
        Number of trees, leaves of each, and rows that a leaf needs.
    """

    def __init__(
        self,
        *,
        rounds: int = 70,
        leaves: int = 31,
        least_rows: int = 500,
    ) -> None:
        self.rounds = rounds
        self.leaves = leaves
        self.least_rows = least_rows

    def fit(
        self, features: _Floats, bought: _Floats, importance: _Floats
    ) -> TreeRanker:
        """Learn; see :meth:`LogisticRanker.fit`.

        Raises
        ------
        ValueError
            Where too little was bought to grow trees on: see :meth:`enough`.
        """
        # Imported here: the library takes a second to load, which a run on a short
        # history need not wait for.
        from sklearn.ensemble import HistGradientBoostingClassifier

        if not self.enough(bought):
            raise ValueError(f"trees need {_LEAST_BOUGHT} purchases")
        self.edges_ = [_edges(features[:, at]) for at in range(features.shape[1])]
        self.trees_: Any = HistGradientBoostingClassifier(
            max_iter=self.rounds,
            learning_rate=0.06,
            max_leaf_nodes=self.leaves,
            min_samples_leaf=self.least_rows,
            l2_regularization=50.0,
            max_bins=_BINS,
            early_stopping=False,
            random_state=0,
        ).fit(self._binned(features), bought, sample_weight=importance)
        return self

    @staticmethod
    def enough(bought: _Floats) -> bool:
        """Tell whether so many purchases are worth growing trees on."""
        return bool(bought.sum() >= _LEAST_BOUGHT)

    def predict(self, features: _Floats) -> _Floats:
        """Return the log-odds of each row."""
        scores = np.empty(len(features), dtype=np.float32)
        for start in range(0, len(features), _CHUNK):
            part = self._binned(features[start : start + _CHUNK])
            scores[start : start + _CHUNK] = self.trees_.decision_function(part)
        return scores

    def _binned(self, features: _Floats) -> _Floats:
        """Return the place of each value among its feature's edges.

        Weighted rows make the library weigh each quantile of raw values, which takes
        longer than growing the trees; a few whole numbers it takes as they are.
        """
        binned = np.empty(features.shape, dtype=np.float32)
        for at, edges in enumerate(self.edges_):
            binned[:, at] = np.searchsorted(edges, features[:, at])
        return binned


def _edges(values: _Floats) -> _Floats:
    return np.unique(np.quantile(values, np.linspace(0, 1, _BINS)[1:-1]))
