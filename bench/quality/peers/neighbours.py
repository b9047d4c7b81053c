"""Neighbours by cosine: of resellers and of products."""

from __future__ import annotations

import numpy as np
from recommend.history import History
from scipy import sparse

from ..lines import Floats, Ints
from .base import Peer, dense, largest, positive, unit_rows


class UserNeighbours(Peer):
    r"""UserKNN on recency-weighted profiles.

    A profile holds :math:`\sqrt{\sum 2^{-a/h}}` over the ages *a* of the purchases;
    the score is the own profile plus the mean of the neighbours', weighted by cosine.
    """

    name = "UserKNN, recency-weighted"

    def __init__(self, *, k: int = 100, half_life: float = 90.0) -> None:
        self.k = k
        self.half_life = half_life

    def learn(self, history: History) -> None:
        """Build the profiles."""
        profile = np.sqrt(history.decayed(self.half_life))
        self.profiles_ = unit_rows(history.matrix(profile, profile > 0.05))
        self.across_ = self.profiles_.T.tocsr()

    def others(self, resellers: Ints) -> Floats:
        """Return what the neighbours speak for."""
        similar = dense(self.profiles_[resellers] @ self.across_)
        similar[np.arange(len(resellers)), resellers] = 0.0
        near = largest(similar, self.k)
        total = np.asarray(near.sum(axis=1), dtype=np.float32) + np.float32(1e-6)
        return dense(near @ self.profiles_) / total

    def scores(self, resellers: Ints) -> Floats:
        """Add the own profile to that of the neighbours."""
        own = dense(self.profiles_[resellers])
        return positive(own + self.others(resellers))


class ProductNeighbours(Peer):
    """ItemKNN: products bought by the same resellers, by cosine of profiles."""

    name = "ItemKNN"

    def __init__(self, *, k: int = 200, half_life: float = 120.0) -> None:
        self.k = k
        self.half_life = half_life

    def learn(self, history: History) -> None:
        """Find the neighbours of each product, itself among them."""
        profile = np.sqrt(history.decayed(self.half_life))
        self.profiles_ = unit_rows(history.matrix(profile, profile > 0.05))
        columns = unit_rows(self.profiles_.T.tocsr())
        across = columns.T.tocsr()
        step = max(1, 8_000_000 // max(1, columns.shape[0]))
        blocks = [
            largest(dense(columns[start : start + step] @ across), self.k)
            for start in range(0, columns.shape[0], step)
        ]
        self.similar_ = sparse.vstack(blocks, "csr").T.tocsr()

    def scores(self, resellers: Ints) -> Floats:
        """Return how much the own products speak for each."""
        return positive(dense(self.profiles_[resellers] @ self.similar_))
