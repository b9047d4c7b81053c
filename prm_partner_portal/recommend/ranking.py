"""From features to the log-odds of a purchase in the coming weeks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["LogisticRanker", "sigmoid"]

_Floats = npt.NDArray[np.float32]
_CHUNK = 16_000


def sigmoid(log_odds: npt.NDArray) -> npt.NDArray:
    """Return the probability that log-odds stand for.

    Examples
    --------
    >>> import numpy as np
    >>> sigmoid(np.array([0.0])).tolist()
    [0.5]
    """
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -30.0, 30.0)))


class LogisticRanker:
    r"""Logistic regression held to given weights.

    Minimises

    .. math:: \sum_i v_i \log(1 + e^{-y_i x_i w}) + \frac{\lambda}{2} |w - w_0|^2

    by Newton's method, projected on the weights that are allowed. Without data it
    keeps :math:`w_0`, with a little it moves a little: there is no size of history
    at which the method changes.

    Parameters
    ----------
    names
        Names of the features; the first is the constant.
    prior
        Weights :math:`w_0` by name; those left out are 0.
    ridge
        Strength :math:`\lambda`; a hundredth of it for the constant.
    rising
        Names of features whose weights never fall below 0, so that more of the
        evidence never counts against a product.

    Attributes
    ----------
    weights_
        The weights, in the order of `names`.
    typical_
        Mean of the features learnt from; None without data.
    """

    def __init__(
        self,
        *,
        names: Sequence[str],
        prior: Mapping[str, float],
        ridge: float = 30.0,
        rising: Collection[str] = (),
    ) -> None:
        self.names = names
        self.prior = prior
        self.ridge = ridge
        self.rising = rising

    def fit(
        self, features: _Floats, bought: _Floats, importance: _Floats
    ) -> LogisticRanker:
        """Learn the weights.

        Parameters
        ----------
        features
            One row a candidate.
        bought
            1 where it was bought in the window, else 0.
        importance
            Weight of each row.
        """
        start = np.array([self.prior.get(name, 0.0) for name in self.names])
        ridge = np.full(len(start), self.ridge + 1e-6)
        ridge[0] /= 100.0
        rising = np.array([name in self.rising for name in self.names])
        weights = start.copy()
        for _ in range(25 if len(features) else 0):
            slope, bend = _derivatives(features, bought, importance, weights)
            slope += ridge * (weights - start)
            bend += np.diag(ridge)
            moved = _moved(weights, slope, bend, rising)
            done = np.abs(moved - weights).max() < 1e-3
            weights = moved
            if done:
                break
        self.weights_ = weights
        self.typical_ = _mean(features, importance) if len(features) else None
        return self

    def predict(self, features: _Floats) -> _Floats:
        """Return the log-odds of each row."""
        scores: _Floats = features @ self.weights_.astype(np.float32)
        return scores

    def contributions(self, features: _Floats, columns: Sequence[int]) -> _Floats:
        """Return the part of the log-odds of each row that those columns give."""
        chosen = list(columns)
        parts: _Floats = features[:, chosen] @ self.weights_[chosen].astype(np.float32)
        return parts


def _moved(
    weights: npt.NDArray,
    slope: npt.NDArray,
    bend: npt.NDArray,
    rising: npt.NDArray[np.bool_],
) -> npt.NDArray:
    """Take one Newton step; rising weights at 0 that want to fall stay there."""
    free = np.flatnonzero(~(rising & (weights <= 0.0) & (slope > 0.0)))
    step = np.zeros_like(weights)
    step[free] = np.linalg.solve(bend[np.ix_(free, free)], slope[free])
    moved = weights - step * min(1.0, 4.0 / max(np.abs(step).max(), 1e-12))
    moved[rising] = np.maximum(moved[rising], 0.0)
    return moved


def _mean(features: _Floats, importance: _Floats) -> _Floats:
    total: _Floats = importance @ features
    return total / importance.sum()


def _derivatives(
    features: _Floats, bought: _Floats, importance: _Floats, weights: npt.NDArray
) -> tuple[npt.NDArray, npt.NDArray]:
    width = features.shape[1]
    slope, bend = np.zeros(width), np.zeros((width, width))
    narrow = weights.astype(np.float32)
    for start in range(0, len(features), _CHUNK):
        part = features[start : start + _CHUNK]
        chance = sigmoid(part @ narrow)
        weight = importance[start : start + _CHUNK]
        slope += part.T @ (weight * (chance - bought[start : start + _CHUNK]))
        bend += part.T @ (part * (weight * chance * (1.0 - chance))[:, None])
    return slope, bend
