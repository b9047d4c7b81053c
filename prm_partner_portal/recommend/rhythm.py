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
    usual
        Usual interval of each product; that of all products where fewer than
        five intervals are known.
    own
        Median of each pair's own intervals; not a number where it has none.
    regular
        Pairs of at least two intervals that lie, in the mean, within a factor of two
        of their median.
    interval
        The shrunk interval of each pair.
    ratio
        Days since the last purchase over :attr:`interval`, by pair.
    spread
        Mean distance of a pair's own intervals from that one, in logarithms.
    """

    def __init__(self, history: History, *, weight: float = 1.5) -> None:
        self.history = history
        lines = history.purchases
        gaps = np.diff(lines.day).astype(np.float32)
        same = np.diff(history.line_pair) == 0
        gaps, pairs = gaps[same], history.line_pair[1:][same]
        size = len(history.pair_start)
        count = history.pair_count - 1
        low = median_by_group(gaps, pairs, size, np.nan)
        self.own: _Floats = (low - median_by_group(-gaps, pairs, size, np.nan)) / 2.0
        apart = np.abs(np.log(gaps / self.own[pairs]))
        scatter = np.bincount(pairs, weights=apart, minlength=size)
        self.regular = (count > 1) & (scatter <= np.log(2.0) * count)
        everywhere = float(np.median(gaps)) if len(gaps) else _DEFAULT_INTERVAL
        products = history.pair_product[pairs]
        usual = median_by_group(gaps, products, history.n_products, everywhere)
        few = np.bincount(products, minlength=history.n_products) < _LEAST_INTERVALS
        self.usual = np.where(few, everywhere, usual).astype(np.float32)
        prior = np.log(self.usual[history.pair_product])

        def shrunk(own: _Floats) -> _Floats:
            known = np.log(np.where(count > 0, own, 1.0))
            mean = (count * known + weight * prior) / (count + weight)
            return np.exp(mean).astype(np.float32)

        self.interval: _Floats = shrunk(self.own)
        self._next = shrunk(low)
        since = (history.day - history.pair_last).astype(np.float32)
        self.ratio: _Floats = since / self.interval
        spread = np.abs(np.log(gaps / self.interval[pairs])) if len(gaps) else gaps
        total = np.bincount(pairs, weights=spread, minlength=size)
        self.spread: _Floats = ((total + 0.8) / (count + 1.0)).astype(np.float32)

    def due(self, pairs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the day of the next purchase of some pairs; it may have passed.

        :data:`NO_DAY` where no interval is known. The lower of two middle intervals
        counts: it is within a week more often.
        """
        interval = np.rint(self._next[pairs]).astype(np.int64)
        known = self.history.pair_count[pairs] > 1
        return np.where(known, self.history.pair_last[pairs] + interval, NO_DAY)


def median_by_group(
    values: _Floats,
    groups: npt.NDArray[np.integer],
    size: int,
    empty: float,
    weights: npt.NDArray[np.float64] | None = None,
) -> _Floats:
    """Return the lower median of each group's values, weighted where weights are given.

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
        values, groups = values[order], groups[order]
        weights = np.ones(len(values)) if weights is None else weights[order]
        total = np.bincount(groups, weights=weights, minlength=size)
        below = np.cumsum(weights) - (np.cumsum(total) - total)[groups]
        reached = np.flatnonzero(below >= 0.5 * total[groups] - 1e-6)
        first = reached[np.diff(groups[reached], prepend=-1) > 0]
        medians[groups[first]] = values[first]
    return medians
