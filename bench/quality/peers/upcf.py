"""UP-CF@r: the last baskets of the reseller and of its like."""

from __future__ import annotations

import numpy as np
from recommend.history import History
from scipy import sparse

from ..lines import Floats, Ints
from .base import Peer, dense, positive


class UserPopularity(Peer):
    r"""User-wise popularity with collaborative filtering, aware of recency.

    .. math:: s_{ui} = \sum_v \mathrm{sim}(u, v)^q \, \mathrm{pop}_r(v, i)

    with :math:`\mathrm{pop}_r` the share of the last *r* baskets that hold *i*, *v*
    over all users, *u* included, and the asymmetric cosine

    .. math:: \mathrm{sim}(u, v) = \frac{|I_u \cap I_v|}
                                        {|I_u|^\alpha |I_v|^{1 - \alpha}}

    of all that they ever bought (Faggioli, Polato, Aiolli: Recency Aware
    Collaborative Filtering for Next Basket Recommendation, UMAP 2020).
    """

    name = "UP-CF@r"

    def __init__(self, *, r: int = 5, q: float = 10.0, alpha: float = 0.5) -> None:
        self.r = r
        self.q = q
        self.alpha = alpha

    def learn(self, history: History) -> None:
        """Build the sets and the shares of the last baskets."""
        self.sets_ = history.matrix(np.ones(len(history.pair_count)))
        recent = history.sum_by_pair((history.line_age < self.r).astype(np.float32))
        baskets = np.minimum(history.n_orders, self.r)[history.pair_reseller]
        self.shares_ = history.matrix(recent / np.maximum(baskets, 1), recent > 0)
        self.sizes_ = np.maximum(np.diff(self.sets_.indptr), 1).astype(np.float32)
        self.across_ = self.sets_.T.tocsr()

    def scores(self, resellers: Ints) -> Floats:
        """Return the shares, weighted by similarity."""
        similar = sparse.csr_matrix(self.sets_[resellers] @ self.across_)
        rows = np.repeat(resellers, np.diff(similar.indptr))
        size, others = self.sizes_[rows], self.sizes_[similar.indices]
        similar.data /= size**self.alpha * others ** (1.0 - self.alpha)
        similar.data **= self.q
        # The reseller itself counts whole, whatever was rounded above.
        similar.data[similar.indices == rows] = 1.0
        return positive(dense(similar @ self.shares_))
