"""From log-odds that rank well to probabilities that can be believed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .ranking import LogisticRanker, sigmoid

__all__ = ["PlattCalibrator"]

_Floats = npt.NDArray[np.float32]


class PlattCalibrator:
    r"""Platt scaling: a line through the log-odds, :math:`p = \sigma(a + b x)`.

    Without data it changes nothing (*a* = 0, *b* = 1). The order of candidates of
    one kind never changes, as *b* stays positive.

    Parameters
    ----------
    ridge
        How strongly *a* and *b* are held to 0 and 1.
    """

    def __init__(self, *, ridge: float = 20.0) -> None:
        self.ridge = ridge

    def fit(
        self, log_odds: _Floats, bought: _Floats, weight: _Floats
    ) -> PlattCalibrator:
        """Learn the line on the last window; each row stands for so many."""
        columns = np.column_stack([np.ones(len(log_odds)), log_odds])
        line = LogisticRanker(
            names=("constant", "slope"), prior={"slope": 1.0}, ridge=self.ridge
        )
        line.fit(columns.astype(np.float32), bought, weight)
        self.intercept_ = float(line.weights_[0])
        self.slope_ = max(float(line.weights_[1]), 0.1)
        return self

    def predict(self, log_odds: _Floats) -> npt.NDArray[np.float64]:
        """Return the probability of each row."""
        probability: npt.NDArray[np.float64] = sigmoid(
            self.intercept_ + self.slope_ * log_odds.astype(np.float64)
        )
        return probability
