"""EASE: a linear model from what was bought to each product, in closed form."""

from __future__ import annotations

import numpy as np
from recommend.history import History
from recommend.solver import ridge_inverse
from scipy import sparse

from ..lines import Floats, Ints
from .base import Peer

_MOST_PRODUCTS = 8000


class Ease(Peer):
    r"""Embarrassingly shallow autoencoder.

    .. math:: B = I - P \, \mathrm{diag}(P)^{-1}, \quad P = (X^T X + \lambda I)^{-1}

    (Steck: Embarrassingly Shallow Autoencoders for Sparse Data, WWW 2019), learnt on
    :math:`\log(1 + n)` of the *n* baskets with the product in the last year, applied to
    *n*. As its diagonal is 0, it says nothing of a purchase's own weight, which next
    baskets are full of: scores are :math:`x B + \beta x`. Above 8,000 products only the
    most sold take part: time grows with the third power of their number.
    """

    name = "EASE"

    def __init__(
        self, *, ridge: float = 300.0, own: float = 0.3, days: int = 365
    ) -> None:
        self.ridge = ridge
        self.own = own
        self.days = days

    def learn(self, history: History) -> None:
        """Solve for the weights."""
        self.kept_ = np.sort(history.popularity_order[:_MOST_PRODUCTS])
        rows = self.examples(history)[:, self.kept_]
        self.profiles_ = self.profiles(history)[:, self.kept_]
        inverse = ridge_inverse(rows.T @ rows, self.ridge)
        weights = inverse / -np.diag(inverse)
        weights[np.diag_indices_from(weights)] = np.float32(self.own)
        self.weights_ = weights

    def examples(self, history: History) -> sparse.csr_matrix:
        """Return the rows to learn from."""
        return self.profiles(history).log1p()

    def profiles(self, history: History) -> sparse.csr_matrix:
        """Return the rows to score by."""
        late = history.purchases.day > history.day - self.days
        count = history.sum_by_pair(late.astype(np.float32))
        return history.matrix(count, count > 0)

    def scores(self, resellers: Ints) -> Floats:
        """Multiply the profiles with the weights."""
        size = self.history_.n_products
        scores = np.full((len(resellers), size), -np.inf, dtype=np.float32)
        scores[:, self.kept_] = self.profiles_[resellers] @ self.weights_
        return scores


class RecentEase(Ease):
    r"""EASE on recency-weighted baskets.

    The same, learnt on and applied to :math:`\sqrt{\sum 2^{-a/h}}` over the ages *a*
    in days of the baskets that held the product.
    """

    name = "EASE, recency-weighted"

    def __init__(
        self, *, ridge: float = 300.0, own: float = 0.6, half_life: float = 60.0
    ) -> None:
        super().__init__(ridge=ridge, own=own)
        self.half_life = half_life

    def examples(self, history: History) -> sparse.csr_matrix:
        """Return fading profiles."""
        weight = np.sqrt(history.decayed(self.half_life))
        return history.matrix(weight, weight > 0.02)

    def profiles(self, history: History) -> sparse.csr_matrix:
        """Return the same."""
        return self.examples(history)
