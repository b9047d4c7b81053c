"""What goes with a product: bought in the same orders far more than by chance."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from .columns import Columns
from .dataset import Dataset
from .history import History
from .places import top_rows

__all__ = ["Complements"]

_Ints = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]
_BLOCK_PAIRS = 4_000_000


class Complements:
    r"""Products that stand in the same orders (association rules of two products).

    An order is a reseller's day. With :math:`n_a` orders that hold *a*, :math:`n_{ab}`
    that hold both and *N* orders in all, chance alone would give
    :math:`e_{ab} = n_a n_b / N` orders with both. The lift is the ratio of the two,
    held to one where there is little to go by:

    .. math:: l_{ab} = \frac{n_{ab} + m}{e_{ab} + m}

    which is the mean of the gamma-Poisson shrinker with prior mean one [1]_: five
    orders where a hundredth is expected are a lift of two, not of five hundred. A
    product's complements are ordered by

    .. math:: s_{ab} = \frac{n_{ab}}{n_a + m} \, \ln l_{ab}

    the share of the orders with *a* that hold *b* as well, times what the first tells
    about the second: neither what everybody buys with everything nor a rare
    coincidence comes first.

    Parameters
    ----------
    days
        Age up to which orders count.
    min_resellers
        Fewest resellers that bought both in one order; never below five, so that
        none can be recognised.
    count
        Most complements of a product.
    weight
        The *m* of the formulas, in orders.

    Attributes
    ----------
    product_, complement_
        Codes, the best complement of each product first.
    orders_, resellers_
        Orders that hold both, and resellers that placed them.
    lift_, score_
        As above.
    n_orders_
        The *N* of the formulas.

    References
    ----------
    .. [1] W. DuMouchel, "Bayesian data mining in large frequency tables", The
       American Statistician 53(3), 1999.
    """

    def __init__(
        self,
        *,
        days: int = 365,
        min_resellers: int = 5,
        count: int = 20,
        weight: float = 5.0,
    ) -> None:
        self.days = days
        self.min_resellers = min_resellers
        self.count = count
        self.weight = weight

    def fit(self, history: History, listed: _Mask | None = None) -> Complements:
        """Count what was bought together, some products at a time.

        The memory grows with the lines of the counted days, not with the pairs.

        Parameters
        ----------
        history
            What is known.
        listed
            Products that may be offered, by code; all when None.
        """
        baskets = _Baskets(history, self.days)
        self.n_orders_ = baskets.n_orders
        if listed is None:
            listed = np.ones(history.n_products, dtype=bool)
        none, nothing = np.empty(0, dtype=np.int64), np.empty(0)
        parts: list[tuple[npt.NDArray, ...]] = [(*[none] * 4, nothing, nothing)]
        for first, together, resellers in baskets.blocks(_BLOCK_PAIRS):
            found = _cells(first, together, resellers, max(self.min_resellers, 5))
            kept = listed[found[0]] & listed[found[1]] & (found[0] != found[1])
            parts.append(self._best([column[kept] for column in found], baskets))
        columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
        self.product_, self.complement_, self.orders_, self.resellers_ = columns[:4]
        self.lift_, self.score_ = columns[4:]
        return self

    def _best(self, pairs: list[_Ints], baskets: _Baskets) -> tuple[npt.NDArray, ...]:
        """Keep the best complements of each product.

        What never came more often than by chance is none.
        """
        product, complement, orders, resellers = pairs
        n = baskets.orders_with.astype(np.float64)
        expected = n[product] * n[complement] / max(baskets.n_orders, 1)
        lift = (orders + self.weight) / (expected + self.weight)
        score = orders / (n[product] + self.weight) * np.log(lift)
        above = np.flatnonzero(lift > 1.0)
        ties = baskets.popularity_rank[complement[above]]
        best, _rank = top_rows(product[above], score[above], ties, self.count)
        kept = above[best]
        columns = (product, complement, orders, resellers, lift, score)
        return tuple(column[kept] for column in columns)

    def frame(self, dataset: Dataset) -> pd.DataFrame:
        """Return the complements with the ids of the input.

        Returns
        -------
        DataFrame
            See :attr:`Columns.COMPLEMENTS`; `orders` hold both products, `resellers`
            placed them.
        """
        return pd.DataFrame(
            {
                Columns.PRODUCT: dataset.product_ids[self.product_],
                Columns.COMPLEMENT: dataset.product_ids[self.complement_],
                Columns.RESELLERS: self.resellers_,
                Columns.ORDER_COUNT: self.orders_,
                Columns.LIFT: np.round(self.lift_, 4),
                Columns.SCORE: np.round(self.score_, 6),
            },
            columns=list(Columns.COMPLEMENTS),
        )


class _Baskets:
    """Orders of the last days, as matrices of ones.

    Parameters
    ----------
    history
        What is known.
    days
        Age up to which orders count.
    """

    def __init__(self, history: History, days: int) -> None:
        first = history.day - days + 1
        self.n_orders = int((history.order_day >= first).sum())
        self.order_reseller = history.order_reseller
        self.popularity_rank = history.popularity_rank
        lines = history.purchases.day >= first
        product = history.purchases.product[lines]
        last = (np.cumsum(history.n_orders) - 1).astype(np.int32)
        order = last[history.purchases.reseller[lines]] - history.line_age[lines]
        self.orders_with = np.bincount(product, minlength=history.n_products)
        shape = (len(self.order_reseller), history.n_products)
        ones = np.ones(len(product), dtype=np.int32)
        # Two ones never meet: a purchase is one a reseller, product and day.
        self.by_order = sparse.csr_matrix((ones, (order, product)), shape=shape)
        self.by_product = self.by_order.T.tocsr()

    def blocks(
        self, size: int
    ) -> Iterator[tuple[int, sparse.csr_matrix, sparse.csr_matrix]]:
        """Count the orders and the resellers of pairs, some products at a time.

        Parameters
        ----------
        size
            Pairs of lines looked at in one block; those of one product, at most as
            many as there are lines, stay together.

        Yields
        ------
        first, together, resellers
            The code of the first row; products by products: orders with both, and
            resellers that placed them.
        """
        pairs = np.diff(self.by_order.indptr)[self.by_product.indices]
        ends = np.concatenate([[0], np.cumsum(pairs, dtype=np.int64)])
        block = ends[self.by_product.indptr[1:]] // size
        bounds = np.flatnonzero(np.diff(block, prepend=-1, append=block[-1:] + 1))
        for first, end in pairwise(bounds):
            together, resellers = self._count(int(first), int(end))
            yield int(first), together, resellers

    def _count(
        self, first: int, end: int
    ) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Multiply twice: by reseller and product, then over the resellers."""
        bounds = self.by_product.indptr[first : end + 1]
        order = self.by_product.indices[bounds[0] : bounds[-1]]
        reseller = self.order_reseller[order]
        heads = np.ones(len(order), dtype=bool)
        heads[1:] = reseller[1:] != reseller[:-1]
        starts = bounds[:-1] - bounds[0]
        heads[starts[starts < len(order)]] = True
        # One row a product and reseller that bought it, with its orders.
        own = _ones(order, np.append(np.flatnonzero(heads), len(order)), self.by_order)
        found = own @ self.by_order
        rows = np.concatenate([[0], np.cumsum(heads)])[bounds - bounds[0]]
        added = _ones(np.arange(len(own.indptr) - 1), rows, found)
        together = added @ found
        found.data[:] = 1
        return together, added @ found


def _ones(
    columns: npt.NDArray, bounds: npt.NDArray, factor: sparse.csr_matrix
) -> sparse.csr_matrix:
    """Return a matrix of ones that `factor` can be multiplied with from the left."""
    values = np.ones(len(columns), dtype=np.int32)
    shape = (len(bounds) - 1, factor.shape[0])
    return sparse.csr_matrix((values, columns, bounds), shape=shape)


def _cells(
    first: int, together: sparse.csr_matrix, resellers: sparse.csr_matrix, least: int
) -> tuple[_Ints, _Ints, _Ints, _Ints]:
    """Return product, complement, orders and resellers where enough bought both."""
    together.sort_indices()
    resellers.sort_indices()  # the same cells: nothing cancels out
    kept = np.flatnonzero(resellers.data >= least)
    rows = np.searchsorted(resellers.indptr, kept, side="right") - 1
    return (
        rows.astype(np.int64) + first,
        resellers.indices[kept].astype(np.int64),
        together.data[kept].astype(np.int64),
        resellers.data[kept].astype(np.int64),
    )
