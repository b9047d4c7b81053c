"""How regularly a reseller buys a product, and how regularly anyone does."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .history import History

__all__ = ["NO_DAY", "Rhythm", "median_by_group"]

_Floats = npt.NDArray[np.float32]
_LEAST_INTERVALS = 5
_DEFAULT_INTERVAL = 60.0
NO_DAY = np.iinfo(np.int64).min
"""Instead of a day where there is no rhythm; it turns into an empty date."""


class Rhythm:
    r"""Intervals between purchases, own and usual.

    A pair's interval is its own median *m* of *n* intervals, shrunk to the usual
    interval *u* of the product:

    .. math:: \exp\frac{n \log m + w \log u}{n + w}

    Attributes
    ----------
    count, median
        Number and median of each pair's own intervals, in days.
    usual
        Usual interval of each product; that of all products where fewer than
        five intervals are known.
    interval
        The shrunk interval of each pair.
    ratio
        Days since the last purchase over :attr:`interval`, by pair.
    due
        Day of the next purchase by the interval, by pair; :data:`NO_DAY` where none
        is known. It may have passed.
    """

    def __init__(self, history: History, *, weight: float = 1.5) -> None:
        lines = history.purchases
        gaps = np.diff(lines.day).astype(np.float32)
        same = np.diff(history.line_pair) == 0
        gaps, pairs = gaps[same], history.line_pair[1:][same]
        size = len(history.pair_start)
        self.count = np.bincount(pairs, minlength=size)
        self.median = median_by_group(gaps, pairs, size, np.nan)
        everywhere = float(np.median(gaps)) if len(gaps) else _DEFAULT_INTERVAL
        products = history.pair_product[pairs]
        usual = median_by_group(gaps, products, history.n_products, everywhere)
        few = np.bincount(products, minlength=history.n_products) < _LEAST_INTERVALS
        self.usual = np.where(few, everywhere, usual).astype(np.float32)
        prior = np.log(self.usual[history.pair_product])
        own = np.log(np.where(self.count > 0, self.median, 1.0))
        shrunk = (self.count * own + weight * prior) / (self.count + weight)
        self.interval: _Floats = np.exp(shrunk).astype(np.float32)
        since = (history.day - history.pair_last).astype(np.float32)
        self.ratio: _Floats = since / self.interval
        spread = np.abs(np.log(gaps / self.interval[pairs])) if len(gaps) else gaps
        total = np.bincount(pairs, weights=spread, minlength=size)
        self.spread: _Floats = ((total + 0.8) / (self.count + 1.0)).astype(np.float32)
        next_day = history.pair_last + np.rint(self.interval).astype(np.int64)
        self.due = np.where(self.count > 0, next_day, NO_DAY)


def median_by_group(
    values: _Floats, groups: npt.NDArray[np.int64], size: int, empty: float
) -> _Floats:
    """Return the (lower) median of each group's values.

    Examples
    --------
    >>> import numpy as np
    >>> values = np.array([3, 1, 2, 9], dtype=np.float32)
    >>> median_by_group(values, np.array([0, 0, 0, 2]), 3, 0.0).tolist()
    [2.0, 0.0, 9.0]
    """
    medians = np.full(size, empty, dtype=np.float32)
    if len(values):
        order = np.lexsort((values, groups))
        counts = np.bincount(groups, minlength=size)
        filled = np.flatnonzero(counts)
        starts = (np.cumsum(counts) - counts)[filled]
        medians[filled] = values[order][starts + (counts[filled] - 1) // 2]
    return medians
