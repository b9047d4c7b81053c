"""From log-odds that rank well to probabilities that can be believed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from .ranking import LogisticRanker, sigmoid

__all__ = ["PlattCalibrator"]

_Floats = npt.NDArray[np.float32]
_FARTHEST = 200.0
"""Log-odds between which a level is looked for."""


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
        self, log_odds: _Floats, bought: _Floats, weight: _Floats, known: _Floats
    ) -> PlattCalibrator:
        """Learn the line on the last window.

        A model that did not see the window tells how sure one may be; its level also
        holds what has changed since it was learnt, some of which a later model has
        learnt itself. So the level is halfway to the one that this model needs.

        Parameters
        ----------
        log_odds
            Of a model that did not see the window, where there is one.
        bought
            1 where it was bought.
        weight
            How many candidates each row stands for.
        known
            Log-odds of the model that is calibrated.
        """
        columns = np.column_stack([np.ones(len(log_odds)), log_odds])
        line = LogisticRanker(
            names=("constant", "slope"), prior={"slope": 1.0}, ridge=self.ridge
        )
        line.fit(columns.astype(np.float32), bought, weight)
        self.intercept_ = float(line.weights_[0])
        self.slope_ = max(float(line.weights_[1]), 0.1)
        if bought.any():
            # Held to none as lightly as a constant is while a line is learnt.
            level = _level(self.slope_ * known, bought, weight, self.ridge / 100.0)
            self.intercept_ = 0.5 * (self.intercept_ + level)
        return self

    def predict(self, log_odds: _Floats) -> npt.NDArray[np.float64]:
        """Return the probability of each row."""
        probability: npt.NDArray[np.float64] = sigmoid(
            self.intercept_ + self.slope_ * log_odds.astype(np.float64)
        )
        return probability


def _level(log_odds: _Floats, bought: _Floats, weight: _Floats, ridge: float) -> float:
    """Return what to add for as many purchases to be expected as there were."""
    wide, count = log_odds.astype(np.float64), float(weight @ bought)

    def missing(level: float) -> float:
        return float(weight @ sigmoid(level + wide)) - count + ridge * level

    return float(brentq(missing, -_FARTHEST, _FARTHEST, xtol=1e-6))
