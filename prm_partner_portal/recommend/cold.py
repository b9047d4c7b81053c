"""Lists for resellers without orders: what their peers bought of late."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .history import History
from .newcomers import Newcomers
from .peers import PeerGroups

__all__ = ["ColdRanker"]

_Ints = npt.NDArray[np.int64]


class ColdRanker:
    r"""Share of active peers that bought a product in the last horizon.

    From coarse groups (all, tier) to fine ones (country, territory), each shrunk
    to the one above:

    .. math:: p_g = \frac{b_g + m\,p_{parent(g)}}{n_g + m}

    with :math:`b_g` buyers among :math:`n_g` resellers that ordered in the last
    three horizons.

    Parameters
    ----------
    horizon
        Days in which a purchase counts.
    weight
        The *m* of the formula, in resellers.
    """

    def __init__(self, *, horizon: int = 28, weight: float = 20.0) -> None:
        self.horizon = horizon
        self.weight = weight

    def fit(
        self,
        history: History,
        peers: PeerGroups,
        newcomers: Newcomers | None = None,
    ) -> ColdRanker:
        """Count active resellers and recent buyers."""
        self.newcomers_ = newcomers or Newcomers.none(history.n_products)
        self.history_, self.peers_ = history, peers
        owner = history.order_reseller
        active = owner[history.order_day > history.day - 3 * self.horizon]
        self.active_ = np.unique(active)
        kept = history.pair_last > history.day - self.horizon
        self.recent_ = history.matrix(np.ones(len(kept)), kept)
        ever = history.buyers / max(int((history.n_orders > 0).sum()), 1)
        bought = np.asarray(self.recent_.sum(axis=0)).ravel()
        self.share_ = (bought + 0.5 * ever) / (len(self.active_) + 1.0)
        return self

    def predict(self, resellers: _Ints) -> npt.NDArray[np.float64]:
        """Return the chance of each product: asked resellers by products."""
        paths = np.column_stack(
            [np.zeros(len(resellers), dtype=np.int64)]
            + [level[resellers] for level in self.peers_.groups]
        )
        unique, rows = np.unique(paths, axis=0, return_inverse=True)
        shares = [self._share(path) for path in unique]
        cells = self.newcomers_.borrow(np.array(shares).reshape(len(unique), -1))
        return cells[rows.ravel()]

    def _share(self, path: _Ints) -> npt.NDArray[np.float64]:
        share = self.share_
        for level, group in zip(self.peers_.groups, path[1:], strict=True):
            if group < 0:
                continue
            members = self.active_[level[self.active_] == group]
            bought = np.asarray(self.recent_[members].sum(axis=0)).ravel()
            share = (bought + self.weight * share) / (len(members) + self.weight)
        return share
