"""Which products are worth ranking for a reseller; one generator a source."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

from .config import RecommenderConfig
from .evidence import Block, Evidence

__all__ = [
    "BestsellerGenerator",
    "CandidateGenerator",
    "OwnGenerator",
    "ResellerNeighbourGenerator",
    "TogetherGenerator",
    "WindowGenerator",
    "candidate_pairs",
    "default_generators",
    "first_new",
]

_Mask = npt.NDArray[np.bool_]
_Ints = npt.NDArray[np.int64]


class CandidateGenerator(ABC):
    """Marks at most `count` products for each reseller of a block.

    Parameters
    ----------
    count
        Most products marked for one reseller.
    """

    def __init__(self, *, count: int) -> None:
        self.count = count

    def fit(self, evidence: Evidence) -> CandidateGenerator:
        """Keep what :meth:`generate` needs."""
        self.evidence_ = evidence
        return self

    @abstractmethod
    def generate(self, block: Block, allowed: _Mask) -> _Mask:
        """Mark candidates.

        Parameters
        ----------
        block
            Resellers and their scores.
        allowed
            Cells that may be marked, same shape as the block's.
        """

    def _best(self, scores: npt.NDArray[np.float32], allowed: _Mask) -> _Mask:
        """Mark the highest positive scores; ties fall to the popular product."""
        marked: _Mask = allowed & (scores > 0.0)
        full = np.flatnonzero(marked.sum(axis=1) > self.count)
        if len(full):
            cells = np.where(marked[full], scores[full], np.float32(0.0))
            marked[full] = self._cut(cells)
        return marked

    def _cut(self, cells: npt.NDArray[np.float32]) -> _Mask:
        """Mark exactly `count` cells of rows that have more positive ones."""
        if self.count == 0:
            return np.zeros(cells.shape, dtype=bool)
        place = cells.shape[1] - self.count
        edge = np.partition(cells, place, axis=1)[:, [place]]
        marked: _Mask = cells >= edge
        order = self.evidence_.history.popularity_order
        for row in np.flatnonzero(marked.sum(axis=1) > self.count):
            ties = order[cells[row, order] == edge[row]]
            spare = int(marked[row].sum()) - self.count
            marked[row, ties[len(ties) - spare :]] = False
        return marked


class OwnGenerator(CandidateGenerator):
    """Products the reseller bought before, the often and lately bought first."""

    def generate(self, block: Block, allowed: _Mask) -> _Mask:
        """Mark own products."""
        if not len(self.evidence_.long):
            return np.zeros(block.pairs.shape, dtype=bool)
        own = block.pairs >= 0
        counts = self.evidence_.long[block.pairs] + np.float32(1e-6)
        scores = np.where(own, counts, np.float32(0.0))
        return self._best(scores, allowed & own)


class ResellerNeighbourGenerator(CandidateGenerator):
    """New products that similar resellers buy."""

    def generate(self, block: Block, allowed: _Mask) -> _Mask:
        """Mark new products by the neighbours' score."""
        return self._best(block.by_resellers, allowed & (block.pairs < 0))


class TogetherGenerator(CandidateGenerator):
    """New products bought by those who buy the reseller's products."""

    def generate(self, block: Block, allowed: _Mask) -> _Mask:
        """Mark new products by the score of the reseller's own."""
        return self._best(block.by_products, allowed & (block.pairs < 0))


class WindowGenerator(CandidateGenerator):
    """New products that resellers with a like past bought next."""

    def generate(self, block: Block, allowed: _Mask) -> _Mask:
        """Mark new products by the score of the ridge."""
        return self._best(block.by_window, allowed & (block.pairs < 0))


class BestsellerGenerator(CandidateGenerator):
    """New products with most buyers of late, then of all time, as fill."""

    def fit(self, evidence: Evidence) -> BestsellerGenerator:
        """Order the products by recent buyers."""
        super().fit(evidence)
        rank = evidence.history.popularity_rank
        self.order_ = np.lexsort((rank, -evidence.products.buyers))
        return self

    def generate(self, block: Block, allowed: _Mask) -> _Mask:
        """Mark the first new products in the order of recent buyers."""
        return first_new(block.pairs, allowed, self.order_, self.count)


def first_new(
    pairs: npt.NDArray[np.int32], allowed: _Mask, order: _Ints, count: int
) -> _Mask:
    """Mark the first allowed products in an order that were never bought."""
    width, marked = 4 * count, np.zeros(allowed.shape, dtype=bool)
    while True:
        some = order[:width]
        fresh = allowed[:, some] & (pairs[:, some] < 0)
        if width >= len(order) or (fresh.sum(axis=1) >= count).all():
            break
        width *= 2
    fresh &= np.cumsum(fresh, axis=1, dtype=np.int32) <= count
    marked[:, some] = fresh
    return marked


def default_generators(
    config: RecommenderConfig, evidence: Evidence, least: int = 0
) -> list[CandidateGenerator]:
    """Return the fitted generators of the first method.

    Parameters
    ----------
    config
        Counts of each generator.
    evidence
        What they are fitted on.
    least
        Length of the longest list asked for.
    """
    made: list[CandidateGenerator] = [
        OwnGenerator(count=max(config.n_own, least)),
        ResellerNeighbourGenerator(count=config.n_similar),
        TogetherGenerator(count=config.n_together),
        WindowGenerator(count=config.n_window),
        BestsellerGenerator(count=max(config.n_popular, least)),
    ]
    return [generator.fit(evidence) for generator in made]


def candidate_pairs(
    generators: list[CandidateGenerator], block: Block, allowed: _Mask
) -> tuple[_Ints, _Ints]:
    """Return row and product of every candidate, each once, sorted."""
    marked = np.zeros(block.pairs.shape, dtype=bool)
    for generator in generators:
        marked |= generator.generate(block, allowed)
    rows, products = np.nonzero(marked)
    return rows, products
