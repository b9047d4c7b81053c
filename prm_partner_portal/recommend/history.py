"""What was known on one day: who bought what, how often and when."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .dataset import Purchases

__all__ = ["History"]

_Ints = npt.NDArray[np.int64]
_Codes = npt.NDArray[np.int32]
_Floats = npt.NDArray[np.float32]
_DAYS = 1_000_000
"""More days than any day's number."""
_BLOCK = 500_000
"""Purchases that are sorted at a time."""


class History:
    """All purchases up to and with `day`, added up by reseller and product.

    ::

        first purchase ········ purchases ········ day | horizon, never looked at
                                                   ^ counts as today

    Parameters
    ----------
    purchases
        Sorted as in :class:`Dataset`; later ones are cut off here.
    n_resellers, n_products
        Sizes of the code ranges.
    day
        The last day that is known.
    """

    def __init__(
        self, purchases: Purchases, n_resellers: int, n_products: int, day: int
    ) -> None:
        self.purchases = purchases.up_to(day)
        self.n_resellers = n_resellers
        self.n_products = n_products
        self.day = day
        self.profiles: dict[float, sparse.csr_matrix] = {}
        """What :func:`profile_matrix` made of it, by half-life."""

    # -- orders: one a reseller's day -------------------------------------------
    @cached_property
    def _orders(self) -> tuple[_Codes, _Codes, _Codes]:
        """Reseller and day of each order, and :attr:`line_age`."""
        none = np.empty(0, dtype=np.int32)
        parts = [(none, none, none)]
        for start, end in _blocks(self.purchases.reseller):
            owner = self.purchases.reseller[start:end].astype(np.int64)
            key = owner * _DAYS + self.purchases.day[start:end]
            keys, order = np.unique(key, return_inverse=True)
            resellers, days = keys // _DAYS, keys % _DAYS
            age = np.searchsorted(resellers, owner, side="right") - 1 - order
            found = (resellers, days, age)
            parts.append(tuple(values.astype(np.int32) for values in found))
        reseller, day, age = map(np.concatenate, zip(*parts, strict=True))
        return reseller, day, age

    @property
    def order_reseller(self) -> _Codes:
        """Reseller of each order; orders are sorted by reseller and day."""
        return self._orders[0]

    @property
    def order_day(self) -> _Codes:
        """Day of each order."""
        return self._orders[1]

    @cached_property
    def n_orders(self) -> _Ints:
        """Number of orders by reseller."""
        return np.bincount(self.order_reseller, minlength=self.n_resellers)

    @property
    def line_age(self) -> _Codes:
        """Orders the reseller placed after that of each purchase."""
        return self._orders[2]

    # -- pairs: one a reseller and product --------------------------------------
    @cached_property
    def pair_start(self) -> _Codes:
        """Where each pair's purchases begin."""
        rows = self.purchases
        new = np.ones(len(rows.day), dtype=bool)
        new[1:] = rows.reseller[1:] != rows.reseller[:-1]
        new[1:] |= rows.product[1:] != rows.product[:-1]
        return np.flatnonzero(new).astype(np.int32)

    @property
    def pair_end(self) -> _Codes:
        """Where each pair's purchases end."""
        end = np.full(len(self.pair_start), len(self.purchases.day), dtype=np.int32)
        end[:-1] = self.pair_start[1:]
        return end

    @cached_property
    def pair_count(self) -> _Codes:
        """Number of orders with the product, by pair."""
        return self.pair_end - self.pair_start

    @property
    def pair_reseller(self) -> _Codes:
        """Reseller by pair; pairs are sorted by reseller and product."""
        return self.purchases.reseller[self.pair_start]

    @cached_property
    def pair_product(self) -> _Codes:
        """Product by pair."""
        return self.purchases.product[self.pair_start]

    @property
    def pair_first(self) -> _Codes:
        """Day of the first purchase, by pair."""
        return self.purchases.day[self.pair_start]

    @cached_property
    def pair_last(self) -> _Codes:
        """Day of the last purchase, by pair."""
        return self.purchases.day[self.pair_end - 1]

    @cached_property
    def line_pair(self) -> _Codes:
        """Pair of each purchase."""
        pairs = np.arange(len(self.pair_count), dtype=np.int32)
        return np.repeat(pairs, self.pair_count)

    @cached_property
    def pair_bounds(self) -> _Ints:
        """Where each reseller's pairs begin, with the end of the last."""
        counts = np.bincount(self.pair_reseller, minlength=self.n_resellers)
        return np.concatenate([[0], np.cumsum(counts)])

    def bought_between(self, after: int, until: int) -> npt.NDArray[np.bool_]:
        """Tell which pairs were bought in those days."""
        rows = self.purchases
        bought = np.zeros(len(self.pair_count), dtype=bool)
        bought[self.line_pair[(rows.day > after) & (rows.day <= until)]] = True
        return bought

    def decayed(self, half_life: float) -> _Floats:
        r"""Count each pair's purchases, older ones less.

        .. math:: \sum_i 2^{-a_i/h}

        with :math:`a_i` the age of purchase *i* in days and *h* the half-life.
        """
        age = (self.day - self.purchases.day).astype(np.float32)
        return self.sum_by_pair(np.exp2(-age / np.float32(half_life)))

    def decayed_orders(self, half_life: float) -> _Floats:
        """Count as :meth:`decayed` does, with age in orders instead of days."""
        age = self.line_age.astype(np.float32)
        return self.sum_by_pair(np.exp2(-age / np.float32(half_life)))

    def sum_by_pair(self, values: _Floats) -> _Floats:
        """Add up a value of each purchase by pair."""
        if not len(self.pair_start):
            return np.empty(0, dtype=np.float32)
        return np.add.reduceat(values, self.pair_start).astype(np.float32)

    def matrix(
        self, values: npt.NDArray, kept: npt.NDArray | None = None
    ) -> sparse.csr_matrix:
        """Put a value of each pair into a matrix of resellers by products.

        Parameters
        ----------
        values
            One number a pair.
        kept
            Pairs to put in; all when None.
        """
        rows, columns = self.pair_reseller, self.pair_product
        if kept is not None:
            rows, columns, values = rows[kept], columns[kept], values[kept]
        bounds = np.concatenate(
            [[0], np.cumsum(np.bincount(rows, minlength=self.n_resellers))]
        )
        parts = (values.astype(np.float32), columns.astype(np.int32), bounds)
        return sparse.csr_matrix(parts, shape=(self.n_resellers, self.n_products))

    def positions(self, resellers: _Ints) -> npt.NDArray[np.int32]:
        """Return the pair at each cell of those resellers' rows, -1 for none."""
        cells = np.full((len(resellers), self.n_products), -1, dtype=np.int32)
        starts = self.pair_bounds[resellers]
        lengths = self.pair_bounds[resellers + 1] - starts
        rows = np.repeat(np.arange(len(resellers)), lengths)
        offsets = np.arange(len(rows)) - np.repeat(
            np.cumsum(lengths) - lengths, lengths
        )
        pairs = starts[rows] + offsets
        cells[rows, self.pair_product[pairs]] = pairs
        return cells

    # -- products ----------------------------------------------------------------
    @cached_property
    def buyers(self) -> _Ints:
        """Number of resellers that ever bought, by product."""
        return np.bincount(self.pair_product, minlength=self.n_products)

    def buyers_between(self, after: int, until: int) -> _Ints:
        """Number of resellers that bought in those days, by product."""
        products = self.pair_product[self.bought_between(after, until)]
        return np.bincount(products, minlength=self.n_products)

    @cached_property
    def popularity_order(self) -> _Ints:
        """Products from the most to the least bought; ties by code (first seen)."""
        return np.lexsort((np.arange(self.n_products), -self.buyers))

    @cached_property
    def popularity_rank(self) -> _Ints:
        """Place of each product in :attr:`popularity_order`; breaks all ties."""
        ranks = np.empty(self.n_products, dtype=np.int64)
        ranks[self.popularity_order] = np.arange(self.n_products)
        return ranks


def _blocks(resellers: _Codes) -> Iterator[tuple[int, int]]:
    """Cut sorted purchases into blocks of whole resellers."""
    start = 0
    while start < len(resellers):
        last = min(start + _BLOCK, len(resellers)) - 1
        end = int(np.searchsorted(resellers, resellers[last], side="right"))
        yield start, end
        start = end
