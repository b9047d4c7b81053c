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
    "candidate_pairs",
    "default_generators",
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
        rank = self.evidence_.history.popularity_rank
        keys = scores * (1.0 - 1e-12 * rank)
        keys[~allowed] = 0.0
        width = keys.shape[1]
        if self.count == 0:
            return np.zeros(keys.shape, dtype=bool)
        if self.count < width:
            edge = np.partition(keys, width - self.count, axis=1)
            keys[keys < edge[:, [width - self.count]]] = 0.0
        marked: _Mask = keys > 0.0
        return marked


class OwnGenerator(CandidateGenerator):
    """Products the reseller bought before, the often and lately bought first."""

    def generate(self, block: Block, allowed: _Mask) -> _Mask:
        """Mark own products."""
        if not len(self.evidence_.long):
            return np.zeros(block.pairs.shape, dtype=bool)
        own = block.pairs >= 0
        scores = np.where(own, self.evidence_.long[block.pairs] + 1e-6, 0.0)
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
        fresh = (allowed & (block.pairs < 0))[:, self.order_]
        fresh &= np.cumsum(fresh, axis=1, dtype=np.int32) <= self.count
        marked = np.empty_like(fresh)
        marked[:, self.order_] = fresh
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
