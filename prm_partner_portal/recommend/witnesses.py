"""Counts of other resellers that speak for a product."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .evidence import Block, Evidence

__all__ = ["Witnesses"]

_Ints = npt.NDArray[np.int64]


class Witnesses:
    """Counts buyers within the days that count as evidence.

    Parameters
    ----------
    evidence
        What was known.
    """

    def __init__(self, evidence: Evidence) -> None:
        history = evidence.history
        self.evidence = evidence
        kept = history.pair_last > history.day - evidence.config.evidence_days
        self.recent = history.matrix(np.ones(len(kept)), kept)
        self.by_product = self.recent.T.tocsr()
        sources = evidence.product_neighbours.targets_.copy()
        sources.sort_indices()
        self.sources = sources

    def similar(
        self, block: Block, rows: _Ints, products: _Ints
    ) -> tuple[_Ints, _Ints]:
        """Count the similar resellers that bought each product, and all of them."""
        peers = block.similar.copy()
        peers.data = np.ones_like(peers.data)
        buyers = (peers @ self.recent).toarray()[rows, products]
        return buyers.astype(np.int64), np.diff(peers.indptr)[rows].astype(np.int64)

    def together(self, resellers: _Ints, products: _Ints) -> tuple[_Ints, _Ints]:
        """Find the own product that speaks most for each new one.

        Returns
        -------
        sources, buyers
            That product, and how many resellers bought both.
        """
        profiles = self.evidence.product_neighbours.profiles_
        spoken = self.sources[products].multiply(profiles[resellers]).tocsr()
        spoken.sort_indices()
        sources = np.asarray(spoken.argmax(axis=1)).ravel().astype(np.int64)
        silent = np.diff(spoken.indptr) == 0
        size = self.evidence.history.n_products
        keys, places = np.unique(sources * size + products, return_inverse=True)
        both = self.by_product[keys // size].multiply(self.by_product[keys % size])
        buyers = np.asarray(both.sum(axis=1)).ravel()[places].astype(np.int64)
        buyers[silent] = 0
        return sources, buyers

    def alike(self, resellers: _Ints, products: _Ints) -> _Ints:
        """Find the own product that each newcomer is most like, -1 where none is."""
        newcomers = self.evidence.newcomers
        found = np.full(len(products), -1, dtype=np.int64)
        lines = np.flatnonzero(np.isin(products, newcomers.codes))
        if not len(lines):
            return found
        profiles = self.evidence.product_neighbours.profiles_[resellers[lines]]
        places = np.searchsorted(newcomers.codes, products[lines])
        likeness = newcomers.weights[places].multiply(profiles).tocsr()
        sources = np.asarray(likeness.argmax(axis=1)).ravel().astype(np.int64)
        found[lines] = np.where(np.diff(likeness.indptr) > 0, sources, -1)
        return found
