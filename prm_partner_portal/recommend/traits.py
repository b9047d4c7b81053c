"""What tells resellers apart and what tells products apart, on one day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .history import History
from .newcomers import Newcomers

__all__ = ["ProductTraits", "ResellerTraits"]

_Floats = npt.NDArray[np.float32]
_KEPT_DAYS = 120.0
_ASLEEP_DAYS = 182
_FEW_AWAKE = 60
"""Resellers that ordered in those days below which silence says nothing."""
_YEAR = 364
"""Fifty-two weeks: the same days of the week a year ago."""


class ResellerTraits:
    """How often, how lately and how broadly each reseller orders.

    Attributes
    ----------
    orders
        Logarithm of one plus the number of orders.
    rate
        Logarithm of the recent orders in a horizon.
    since
        Logarithm of one plus the days since the last order.
    lateness
        Logarithm of the days since the last order over its usual gap.
    breadth
        Logarithm of one plus the mean number of products in an order.
    novelty
        Share of the last half-year's purchases that were first purchases.
    season
        1 where the reseller ordered in the same days last year.
    """

    def __init__(self, history: History, horizon: int) -> None:
        size, day = history.n_resellers, history.day
        owner, days = history.order_reseller, history.order_day
        count = history.n_orders
        first = np.full(size, day, dtype=np.int64)
        last = np.full(size, day - 3650, dtype=np.int64)
        np.minimum.at(first, owner, days)
        np.maximum.at(last, owner, days)
        fade = np.exp2(-(day - days) / 90.0)
        seen = 1.0 - np.exp2(-(day - first + horizon) / 90.0)
        rate = np.bincount(owner, weights=fade, minlength=size) / seen
        rate = rate * (horizon * np.log(2.0) / 90.0)
        since = (day - last).astype(float)
        gap = (np.maximum(last - first, 0) + 60.0) / np.maximum(count, 1)
        lines = np.bincount(history.purchases.reseller, minlength=size)
        self.orders = _float(np.log1p(count))
        self.rate = _float(np.log(rate + 0.05))
        self.since = _float(np.log1p(since))
        self.lateness = _float(np.log((since + 7.0) / (gap + 7.0)))
        self.breadth = _float(np.log1p(lines / np.maximum(count, 1)))
        self.novelty = _novelty(history)
        same = (days > day - _YEAR) & (days <= day - _YEAR + horizon)
        self.season = _float(np.bincount(owner[same], minlength=size) > 0)


class ProductTraits:
    """How widely each product sells, how that changes, how new it is.

    Attributes
    ----------
    recent, wide
        Logarithm of the share of active resellers that bought it in the last
        horizon and in the last three.
    trend
        Logarithm of its buyers in the last horizon over those of the one before.
    firsts
        Logarithm of the share of active resellers that first bought it in the
        last horizon.
    age
        Logarithm of one plus the days since its first sale.
    repeat
        Share of its buyers that bought it more than once.
    kept
        Logarithm of those who bought it again in the last horizon over those who
        would have, had all products been kept alike.
    season
        Logarithm of last year's buyers in the same days over its average then.
    season_turn
        Logarithm of last year's buyers in the same days over those of the horizon
        before them; 0 where there was no last year.
    fortnight, quarter
        Logarithm of its buyers in the last two weeks over those of the two before,
        and in the last horizon over a third of those in the last three.
    week
        Logarithm of its buyers in the last seven days.
    buyers
        Number of resellers that bought it in the last horizon.
    asleep
        True where nobody bought it in the last half-year that anything was sold in,
        nor in the same days and the horizon before them last year; nowhere where few
        ordered anything in that half-year.
    """

    def __init__(self, history: History, horizon: int) -> None:
        day = history.day
        now = history.buyers_between(day - horizon, day)
        before = history.buyers_between(day - 2 * horizon, day - horizon)
        wide = history.buyers_between(day - 3 * horizon, day)
        owner = history.order_reseller[history.order_day > day - 3 * horizon]
        active = max(len(np.unique(owner)), 1)
        fresh = history.pair_product[history.pair_first > day - horizon]
        firsts = np.bincount(fresh, minlength=history.n_products)
        first = np.full(history.n_products, day, dtype=np.int64)
        np.minimum.at(first, history.pair_product, history.pair_first)
        again = history.pair_product[history.pair_count > 1]
        repeats = np.bincount(again, minlength=history.n_products)
        self.buyers = now
        self.recent = _float(np.log((now + 0.5) / active))
        self.wide = _float(np.log((wide + 1.0) / active))
        self.trend = _float(np.log((now + 2.0) / (before + 2.0)))
        self.firsts = _float(np.log((firsts + 0.5) / active))
        self.age = _float(np.log1p(day - first))
        self.repeat = _float((repeats + 1.0) / (history.buyers + 4.0))
        self.kept = _kept(history, horizon)
        same = history.buyers_between(day - _YEAR, day - _YEAR + horizon)
        self.asleep = _asleep(history, horizon)
        self.season = _season(history, horizon, same)
        self.season_turn = _season_turn(history, horizon, same)
        late = history.buyers_between(day - 14, day)
        early = history.buyers_between(day - 28, day - 14)
        self.fortnight = _float(np.log((late + 2.0) / (early + 2.0)))
        self.quarter = _float(np.log((now + 2.0) / (wide / 3.0 + 2.0)))
        self.week = _float(np.log(history.buyers_between(day - 7, day) + 0.5))

    def lend(self, newcomers: Newcomers) -> None:
        """Fill the traits of products without sales: they are as new as can be."""
        for name, values in vars(self).items():
            if name not in ("buyers", "asleep"):
                newcomers.borrow(values)
        self.age[newcomers.codes] = 0.0


def _asleep(history: History, horizon: int) -> npt.NDArray[np.bool_]:
    days = history.purchases.day
    last = int(days.max(initial=history.day - _ASLEEP_DAYS))
    ordered = history.order_day > last - _ASLEEP_DAYS
    if len(np.unique(history.order_reseller[ordered])) < _FEW_AWAKE:
        return np.zeros(history.n_products, dtype=bool)
    late = history.buyers_between(last - _ASLEEP_DAYS, last)
    start = history.day - _YEAR
    season = history.buyers_between(start - horizon, start + horizon)
    return (history.buyers > 0) & (late + season == 0)


def _kept(history: History, horizon: int) -> _Floats:
    """Hold who bought again against who would have, had all products been kept alike.

    How often a pair was bought, fading with a half-life of 120 days, is taken as its
    rate. Popularity tells how many buy a product; this tells whether those who have it
    come back to it, as they do in its season, and not when it is going out.
    """
    start = history.day - horizon
    age = (start - history.purchases.day).astype(np.float32)
    known = age >= 0.0
    fading = np.where(known, np.exp2(-np.maximum(age, 0.0) / _KEPT_DAYS), 0.0)
    rate = history.sum_by_pair(fading.astype(np.float32))
    chance = 1.0 - np.exp(-rate * (horizon * np.log(2.0) / _KEPT_DAYS))
    size, products = history.n_products, history.pair_product
    expected = np.bincount(products, weights=chance, minlength=size)
    again = history.bought_between(start, history.day) & (history.pair_first <= start)
    bought = np.bincount(products[again], minlength=size)
    level = bought.sum() / max(expected.sum(), 1e-9)
    return _float(np.log((bought + 10.0) / (expected * level + 10.0)))


def _season(history: History, horizon: int, same: npt.NDArray) -> _Floats:
    rows = history.purchases
    kept = rows.product[(rows.day > history.day - _YEAR)]
    average = np.bincount(kept, minlength=history.n_products) * horizon / _YEAR
    if not same.any():
        return np.zeros(history.n_products, dtype=np.float32)
    return _float(np.log((same + 2.0) / (average + 2.0)))


def _season_turn(history: History, horizon: int, same: npt.NDArray) -> _Floats:
    start = history.day - _YEAR
    if history.purchases.day.min(initial=history.day) > start:
        return np.zeros(history.n_products, dtype=np.float32)
    before = history.buyers_between(start - horizon, start)
    return _float(np.log((same + 2.0) / (before + 2.0)))


def _novelty(history: History) -> _Floats:
    after = history.day - 182
    rows = history.purchases
    kept = rows.day > after
    size = history.n_resellers
    lines = np.bincount(rows.reseller[kept], minlength=size)
    fresh = history.pair_reseller[history.pair_first > after]
    return _float((np.bincount(fresh, minlength=size) + 1.0) / (lines + 2.0))


def _float(values: npt.NDArray) -> _Floats:
    return values.astype(np.float32)
