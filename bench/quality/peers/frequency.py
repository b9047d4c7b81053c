"""Counts: what all buy, and what this reseller buys."""

from __future__ import annotations

import numpy as np
from recommend.history import History

from ..lines import Floats, Ints
from .base import Peer, dense, positive


class AllTimeBestsellers(Peer):
    """The products that most resellers ever bought."""

    name = "bestsellers of all time"

    def learn(self, history: History) -> None:
        """Count buyers."""
        self.buyers_ = history.buyers.astype(np.float32)

    def scores(self, resellers: Ints) -> Floats:
        """Return the same scores for everybody."""
        return np.tile(self.buyers_, (len(resellers), 1))


class OwnFrequency(Peer):
    """The products in most of the reseller's orders, ever (P-TopFreq)."""

    name = "own frequency"

    def learn(self, history: History) -> None:
        """Count the orders of each pair."""
        self.counts_ = history.matrix(history.pair_count)

    def scores(self, resellers: Ints) -> Floats:
        """Return the counts; what was never bought is never listed."""
        return positive(dense(self.counts_[resellers]))
