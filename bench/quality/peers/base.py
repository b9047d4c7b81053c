"""What all peers share: scores for some resellers at a time, cut to lists."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

import numpy as np
from recommend.history import History
from recommend.lists import Listed
from scipy import sparse

from ..lines import Floats, Ints, Mask, best_lines, make_listed

_BLOCK = 256
NEVER = np.float32(-np.inf)


class Peer(ABC):
    """A method that scores all products for a few resellers in one dense block."""

    name = ""

    def fit(self, history: History) -> Peer:
        """Learn from a history; nothing after its day is known."""
        self.history_ = history
        self.learn(history)
        return self

    @abstractmethod
    def learn(self, history: History) -> None:
        """Keep what :meth:`scores` needs."""

    @abstractmethod
    def scores(self, resellers: Ints) -> Floats:
        """Return resellers by products; minus infinity is never listed."""

    def lists(
        self, resellers: Ints, wanted: Mapping[str, int], products: Mask
    ) -> Listed:
        """List the highest scores, as the engine's baselines do."""
        history = self.history_
        found: dict[str, list[list[Ints]]] = {purpose: [] for purpose in wanted}
        for start in range(0, len(resellers), _BLOCK):
            some = resellers[start : start + _BLOCK]
            scores = np.where(products, self.scores(some), NEVER)
            old = history.positions(some) >= 0
            best = best_lines(scores, old, history.popularity_rank, wanted)
            for purpose, (row, product, rank) in best.items():
                found[purpose].append([some[row], product, rank])
        return Listed.joined(
            [
                make_listed(
                    reseller=np.concatenate([part[0] for part in parts]),
                    product=np.concatenate([part[1] for part in parts]),
                    rank=np.concatenate([part[2] for part in parts]),
                    purpose=np.full(sum(len(part[0]) for part in parts), place),
                )
                for place, parts in enumerate(found.values())
                if parts
            ]
        )


def positive(scores: Floats) -> Floats:
    """Never list what has no score."""
    return np.where(scores > 0, scores, NEVER)


def dense(matrix: sparse.spmatrix) -> Floats:
    """Return a sparse block as a dense one."""
    return np.asarray(matrix.toarray(), dtype=np.float32)


def largest(cells: Floats, count: int) -> sparse.csr_matrix:
    """Keep the largest positive cells of each row."""
    if count < cells.shape[1]:
        edge = np.partition(cells, -count, axis=1)[:, [-count]]
        cells = np.where(cells >= edge, cells, np.float32(0.0))
    return sparse.csr_matrix(np.maximum(cells, 0.0))


def unit_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Scale rows to length one."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, length, out=np.zeros_like(length), where=length > 0)
    return sparse.csr_matrix(sparse.diags(scale.astype(np.float32)) @ matrix)
