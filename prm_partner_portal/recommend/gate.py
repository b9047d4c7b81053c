"""Which way to rank: the one that would have been best on this company's own data."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .metrics import ndcg
from .model import METHODS, Model, Sample
from .places import top_rows

__all__ = ["choose", "unjudged"]

_Ints = npt.NDArray[np.int64]
_LENGTH = 10
_LEAST_JUDGED = 25
"""Resellers, counted in each window, below which nothing can be shown to be better than
anything else: of fifty some fourteen in two windows, of a hundred and fifty some forty.
"""
_ERRORS = 2.0


def choose(
    model: Model, learnt: Sample, windows: list[tuple[Sample, _Ints]]
) -> tuple[str, dict[str, float]]:
    """Choose among :data:`METHODS` by windows that the model did not see.

    Instead of the model's own, a simpler method is chosen where it was better by more
    than two standard errors of the difference: less is chance.

    Parameters
    ----------
    model
        Learnt before the windows.
    learnt
        The last window that it learnt from, to calibrate on.
    windows
        All candidates of some resellers that bought, and whose each is.

    Returns
    -------
    method, quality
        As :func:`unjudged` where too few resellers can be judged; the mean nDCG@10 of
        the model's own method and of those that are simpler.
    """
    if sum(len(np.unique(owners)) for _, owners in windows) < _LEAST_JUDGED:
        return unjudged(model), {}
    values = {}
    methods = METHODS[: METHODS.index(model.method) + 1]
    for method in methods:
        judged = model.using(method).calibrated(None, learnt)
        parts = [_quality(judged, *window) for window in windows]
        values[method] = np.concatenate(parts)
    best = model.method
    for method in reversed(methods):
        gain = values[method] - values[best]
        if gain.mean() > _ERRORS * gain.std(ddof=1) / np.sqrt(len(gain)):
            best = method
    return best, {method: float(value.mean()) for method, value in values.items()}


def unjudged(model: Model) -> str:
    """Return the way to rank where nothing can be judged.

    What was learnt from little is worth trying only where it can be seen to fail.
    """
    return "frequency" if model.method == "hedged" else model.method


def _quality(model: Model, sample: Sample, owners: _Ints) -> npt.NDArray[np.float64]:
    ties = np.arange(len(owners))
    who, rows = np.unique(owners, return_inverse=True)
    chance = model.chances(sample.features, rows)
    best, rank = top_rows(rows, chance, ties, _LENGTH)
    hits = np.zeros((len(who), _LENGTH), dtype=bool)
    hits[rows[best], rank - 1] = sample.bought[best] > 0
    relevant = np.zeros(len(who), dtype=np.int64)
    relevant[rows] = sample.basket.astype(np.int64)
    return ndcg(hits, relevant)
