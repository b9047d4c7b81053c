"""From features to the log-odds of a purchase in the coming weeks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["LogisticRanker", "sigmoid"]

_Floats = npt.NDArray[np.float32]
_CHUNK = 16_000
_MOST_STEPS = 25


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
    at which the method changes. Features are centred and scaled while it learns.

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
        prior = np.array([self.prior.get(name, 0.0) for name in self.names])
        self.weights_, self.typical_ = prior, None
        if not len(features):
            return self
        self.typical_ = _mean(features, importance)
        scale = _Scale(self.typical_, _deviation(features, importance, self.typical_))
        start = scale.narrow(prior)
        ridge = np.full(len(start), self.ridge + 1e-6)
        ridge[0] /= 100.0
        rising = np.array([name in self.rising for name in self.names])
        weights = start.copy()
        for _ in range(_MOST_STEPS):
            slope, bend = scale.derivatives(features, bought, importance, weights)
            slope += ridge * (weights - start)
            bend += np.diag(ridge)
            moved = _moved(weights, slope, bend, rising)
            done = np.abs(moved - weights).max() < 1e-3
            weights = moved
            if done:
                break
        self.weights_ = scale.widen(weights)
        return self

    def predict(self, features: _Floats) -> _Floats:
        """Return the log-odds of each row."""
        scores: _Floats = features @ self.weights_.astype(np.float32)
        return scores


def _moved(
    weights: npt.NDArray,
    slope: npt.NDArray,
    bend: npt.NDArray,
    rising: npt.NDArray[np.bool_],
) -> npt.NDArray:
    """Take one Newton step to the lowest point where no rising weight is below 0.

    Those that would fall below are held at 0, and the others are solved for once more:
    cutting them off afterwards goes round in circles where columns are alike.
    """
    held = np.zeros(len(weights), dtype=bool)
    while True:
        free = np.flatnonzero(~held)
        step = np.where(held, weights, 0.0)
        pull = slope[free] - bend[np.ix_(free, np.flatnonzero(held))] @ step[held]
        step[free] = np.linalg.solve(bend[np.ix_(free, free)], pull)
        below = ~held & rising & (weights - step < 0.0)
        if not below.any():
            break
        held |= below
    moved = weights - step * min(1.0, 4.0 / max(np.abs(step).max(), 1e-12))
    moved[rising] = np.maximum(moved[rising], 0.0)
    return moved


def _mean(features: _Floats, importance: _Floats) -> _Floats:
    total: _Floats = importance @ features
    return total / importance.sum()


def _deviation(features: _Floats, importance: _Floats, mean: _Floats) -> _Floats:
    total = np.zeros(features.shape[1])
    for start in range(0, len(features), _CHUNK):
        part = features[start : start + _CHUNK] - mean
        total += importance[start : start + _CHUNK] @ (part * part)
    spread: _Floats = np.sqrt(total / importance.sum()).astype(np.float32)
    return spread


class _Scale:
    """Features with mean 0 and deviation 1, the constant left alone."""

    def __init__(self, mean: _Floats, spread: _Floats) -> None:
        self.mean = np.where(np.arange(len(mean)) == 0, 0.0, mean)
        self.spread = np.where(spread < 1e-4, 1.0, spread)
        self.spread[0] = 1.0

    def narrow(self, weights: npt.NDArray) -> npt.NDArray:
        """Return the weights of scaled features that do what these do."""
        scaled = weights * self.spread
        scaled[0] += (weights * self.mean).sum()
        return scaled

    def widen(self, scaled: npt.NDArray) -> npt.NDArray:
        """Undo :meth:`narrow`."""
        weights = scaled / self.spread
        weights[0] -= (weights * self.mean).sum()
        return weights

    def derivatives(
        self,
        features: _Floats,
        bought: _Floats,
        importance: _Floats,
        weights: npt.NDArray,
    ) -> tuple[npt.NDArray, npt.NDArray]:
        """Return slope and curvature of the loss in the scaled weights."""
        width = features.shape[1]
        slope, bend = np.zeros(width), np.zeros((width, width))
        narrow = weights.astype(np.float32)
        mean, spread = self.mean.astype(np.float32), self.spread.astype(np.float32)
        for start in range(0, len(features), _CHUNK):
            part = (features[start : start + _CHUNK] - mean) / spread
            chance = sigmoid(part @ narrow)
            weight = importance[start : start + _CHUNK]
            slope += part.T @ (weight * (chance - bought[start : start + _CHUNK]))
            bend += part.T @ (part * (weight * chance * (1.0 - chance))[:, None])
        return slope, bend
