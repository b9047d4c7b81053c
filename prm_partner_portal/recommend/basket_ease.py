"""What is bought in one order with what, of late."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .history import History
from .neighbours import profile_matrix
from .solver import ridge_inverse

__all__ = ["BasketEase"]

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float32]
_BLOCK_COLUMNS = 2000
_LAST = 6.0
"""Half-lives after which an order is not looked at."""


class BasketEase:
    r"""EASE on the latest orders, in its dual form.

    EASE (Steck 2019) predicts each product of an order from the others. With orders as
    rows *X*, each by the root of its weight, its weights are

    .. math:: B_{qp} = -P_{qp} / P_{pp}, \quad P = (X^T X + \lambda I)^{-1}

    for :math:`q \ne p`. A profile *x* without *p* then has the score

    .. math:: s_p = \frac{(x X^T K X)_p}{1 - (X^T K X)_{pp}},
              \quad K = (X X^T + \lambda I)^{-1}

    by the matrix inversion lemma: its time grows with the orders looked at and not with
    the products. An order counts half of one *half_life* days later, and less the
    more products it has. Other than neighbours by profile it knows what goes
    into orders now.

    Parameters
    ----------
    half_life
        Days.
    ridge
        The :math:`\lambda` of the formula.
    rows
        Latest orders looked at.
    profile_half_life
        Half-life of the profiles *x*, in days.
    """

    def __init__(
        self,
        *,
        half_life: float = 10.0,
        ridge: float = 20.0,
        rows: int = 2000,
        profile_half_life: float = 90.0,
    ) -> None:
        self.half_life = half_life
        self.ridge = ridge
        self.rows = rows
        self.profile_half_life = profile_half_life

    def fit(self, history: History) -> BasketEase:
        """Solve for the weights of the orders."""
        self.profiles_ = profile_matrix(history, self.profile_half_life)
        self.orders_ = self._orders(history)
        self.weights_ = ridge_inverse(self.orders_ @ self.orders_.T, self.ridge)
        self.rest_ = np.ones(history.n_products, dtype=np.float32)
        columns = self.orders_.tocsc()
        for start in range(0, history.n_products, _BLOCK_COLUMNS):
            some = columns[:, start : start + _BLOCK_COLUMNS]
            explained = some.multiply(self.weights_ @ some).sum(axis=0)
            self.rest_[start : start + _BLOCK_COLUMNS] -= np.asarray(explained).ravel()
        return self

    def score(self, resellers: _Ints) -> _Floats:
        """Return the score of each product: asked resellers by products.

        It holds for products that are not in the reseller's profile.
        """
        likeness = (self.profiles_[resellers] @ self.orders_.T).toarray()
        scores: _Floats = (likeness @ self.weights_) @ self.orders_
        scores /= self.rest_
        return scores

    def _orders(self, history: History) -> sparse.csr_matrix:
        """Return the latest orders by products, by the root of their weight."""
        days = history.order_day
        latest = np.argsort(-days, kind="stable")[: self.rows]
        # Older ones count too little to be worth the time.
        latest = latest[days[latest] > history.day - _LAST * self.half_life]
        place = np.full(len(days), -1, dtype=np.int64)
        place[latest] = np.arange(len(latest))
        rows = history.purchases
        ends = np.cumsum(history.n_orders)[rows.reseller]
        lines = place[ends - 1 - history.line_age]
        kept = lines >= 0
        lines, products = lines[kept], rows.product[kept]
        size = np.bincount(lines, minlength=len(latest))
        age = history.day - days[latest]
        weight = np.exp2(-age / self.half_life) / np.sqrt(np.maximum(size, 1))
        cells = np.sqrt(weight).astype(np.float32)[lines]
        shape = (len(latest), history.n_products)
        return sparse.csr_matrix((cells, (lines, products)), shape=shape)
