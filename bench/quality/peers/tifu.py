"""TIFU-KNN: baskets that fade twice, and the nearest resellers."""

from __future__ import annotations

import numpy as np
from recommend.history import History
from scipy import sparse

from ..lines import Floats, Ints
from .base import Peer, dense, positive


class TemporalFrequency(Peer):
    r"""Temporal item frequency, with the nearest users by Euclidean distance.

    The baskets of a user stand in groups of *m*, the first one with the rest. Within
    a group a basket fades by :math:`r_b` for each later one, a group by :math:`r_g`
    for each later group; both are means. The score is

    .. math:: \alpha\,u + (1 - \alpha) \frac{1}{k} \sum_{v \in N_k(u)} v

    (Hu, He, Gao, Zhang: Modeling Personalized Item Frequency Information for
    Next-basket Recommendation, SIGIR 2020).
    """

    name = "TIFU-KNN"

    def __init__(
        self,
        *,
        k: int = 100,
        m: int = 1,
        r_b: float = 1.0,
        r_g: float = 0.8,
        alpha: float = 0.7,
    ) -> None:
        self.k = k
        self.m = m
        self.r_b = r_b
        self.r_g = r_g
        self.alpha = alpha

    def learn(self, history: History) -> None:
        """Build a vector for each user."""
        age = history.line_age
        orders = history.n_orders[history.purchases.reseller]
        groups = np.ceil(orders / self.m)
        group, inside = age // self.m, age % self.m
        first = orders - (groups - 1) * self.m
        size = np.where(group == groups - 1, first, self.m)
        weight = self.r_b**inside / size * self.r_g**group / groups
        self.vectors_ = history.matrix(history.sum_by_pair(weight.astype(np.float32)))
        self.across_ = self.vectors_.T.tocsr()
        squared = self.vectors_.multiply(self.vectors_).sum(axis=1)
        self.lengths_ = np.asarray(squared).ravel().astype(np.float32)
        self.known_ = history.n_orders > 0

    def scores(self, resellers: Ints) -> Floats:
        """Blend the user with the mean of its neighbours."""
        own = self.vectors_[resellers]
        distance = self.lengths_ - 2.0 * dense(own @ self.across_)
        distance[:, ~self.known_] = np.inf
        distance[np.arange(len(resellers)), resellers] = np.inf
        near = _nearest(distance, self.k)
        others = sparse.csr_matrix(near) @ self.vectors_
        count = np.maximum(near.sum(axis=1, keepdims=True), 1.0)
        mean = dense(others) / count
        return positive(self.alpha * dense(own) + (1.0 - self.alpha) * mean)


def _nearest(distance: Floats, count: int) -> Floats:
    """Mark the nearest of each row, the first ones where many are as near."""
    count = min(count, distance.shape[1])
    place = np.argpartition(distance, count - 1, axis=1)[:, :count]
    rows = np.arange(len(distance))[:, None]
    marked = np.zeros_like(distance)
    marked[rows, place] = np.isfinite(distance[rows, place])
    return marked
