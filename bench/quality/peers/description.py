"""The survey's 35 features of a candidate."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from recommend.history import History

from ..lines import Floats, Ints

MONTH = 28
_UNKNOWN = np.float32(np.nan)


class Statistics:
    """Counts and intervals by pair, product and reseller on one day."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.pairs = _with_none(_of_pairs(history))
        self.products = _of_products(history)
        self.resellers = _of_resellers(history)

    def describe(
        self, resellers: Ints, products: Ints, pairs: Ints, scores: list[Floats]
    ) -> Floats:
        """Return one row a candidate.

        Parameters
        ----------
        resellers, products
            Codes.
        pairs
            Pair of the history, -1 where never bought.
        scores
            Columns of the sources' scores, as they are and relative.
        """
        own = self.pairs[pairs]
        product, reseller = self.products[products], self.resellers[resellers]
        since, usual, gap = own[:, 2], product[:, 4], reseller[:, 3]
        relative = [since / usual, since / gap, own[:, 0] / reseller[:, 0]]
        columns = [own, product, reseller, *(c[:, None] for c in relative + scores)]
        return np.concatenate(columns, axis=1).astype(np.float32)


def _of_pairs(history: History) -> Floats:
    """Count, first, since, orders since, intervals, quantity, four fading counts."""
    count = history.pair_count.astype(np.float32)
    lines = history.purchases
    last = history.pair_end - 1
    since = (history.day - history.pair_last).astype(np.float32)
    span = (history.pair_last - history.pair_first).astype(np.float32)
    mean = np.where(count > 1, span / np.maximum(count - 1, 1), _UNKNOWN)
    gaps = np.diff(lines.day, prepend=0).astype(np.float32)
    gaps[history.pair_start] = 0.0
    squares = history.sum_by_pair(gaps * gaps) / np.maximum(count - 1, 1)
    spread = np.sqrt(np.maximum(squares - mean * mean, 0.0))
    return np.column_stack(
        [
            count,
            (history.day - history.pair_first).astype(np.float32),
            since,
            history.line_age[last],
            mean,
            np.where(count > 2, spread, _UNKNOWN),
            since / np.maximum(mean, 1.0),
            np.log1p(lines.quantity[last]),
            history.decayed_orders(2.0),
            history.decayed_orders(6.0),
            history.decayed(30.0),
            history.decayed(120.0),
        ]
    ).astype(np.float32)


def _with_none(values: Floats) -> Floats:
    """Add a last row, which -1 finds, for what was never bought."""
    none = np.full((1, values.shape[1]), _UNKNOWN, dtype=np.float32)
    none[0, [0, 8, 9, 10, 11]] = 0.0
    return np.concatenate([values, none])


def _of_products(history: History) -> Floats:
    """Buyers of late and ever, trend, repeat rate, usual interval, age."""
    day = history.day
    late = history.buyers_between(day - MONTH, day)
    before = history.buyers_between(day - 4 * MONTH, day - MONTH) / 3.0
    again = history.pair_count > 1
    product, size = history.pair_product, history.n_products
    repeat = np.bincount(product, weights=again, minlength=size)
    span = (history.pair_last - history.pair_first)[again]
    steps = (history.pair_count - 1)[again]
    total = np.bincount(product[again], weights=span, minlength=size)
    number = np.bincount(product[again], weights=steps, minlength=size)
    # Thirty days of three purchases stand in where hardly any interval is known.
    usual = (total + 90.0) / (number + 3.0)
    first = np.full(size, day)
    np.minimum.at(first, product, history.pair_first)
    return np.column_stack(
        [
            np.log1p(late),
            np.log1p(history.buyers),
            np.log((late + 1.0) / (before + 1.0)),
            (repeat + 1.0) / (history.buyers + 4.0),
            usual,
            day - first,
        ]
    ).astype(np.float32)


def _of_resellers(history: History) -> Floats:
    """Orders, breadth, basket size, gap, recency, repeat share."""
    size, owner = history.n_resellers, history.order_reseller
    orders = np.maximum(history.n_orders, 1)
    breadth = np.bincount(history.pair_reseller, minlength=size)
    lines = np.bincount(history.purchases.reseller, minlength=size)
    first, last = np.full(size, history.day), np.zeros(size, dtype=np.int64)
    np.minimum.at(first, owner, history.order_day)
    np.maximum.at(last, owner, history.order_day)
    return np.column_stack(
        [
            orders,
            breadth,
            lines / orders,
            np.maximum(last - first, 1) / np.maximum(orders - 1, 1),
            history.day - last,
            1.0 - breadth / np.maximum(lines, 1),
        ]
    ).astype(np.float32)


def relative(scores: Floats, rows: Ints, cells: Floats) -> npt.NDArray[np.float32]:
    """Return scores over the best of their row."""
    best = np.where(np.isfinite(cells), cells, 0.0).max(axis=1)
    shares: Floats = scores / np.maximum(best[rows], 1e-6)
    return shares
