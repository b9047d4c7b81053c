"""All that is known on one day, fitted once and read block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .config import RecommenderConfig
from .history import History
from .neighbours import ProductNeighbours, ResellerNeighbours
from .rhythm import Rhythm
from .traits import ProductTraits, ResellerTraits

__all__ = ["Block", "Evidence"]

_Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Block:
    """A few resellers against all products, in dense matrices.

    Attributes
    ----------
    resellers
        Codes of the rows.
    pairs
        Pair of :class:`History` in each cell, -1 where never bought.
    similar
        Similarity of each row to all resellers.
    by_resellers, by_products
        Score of each product from similar resellers and from products bought
        together.
    """

    resellers: npt.NDArray[np.int64]
    pairs: npt.NDArray[np.int32]
    similar: sparse.csr_matrix
    by_resellers: _Floats
    by_products: _Floats


class Evidence:
    """Statistics and neighbours that candidates, features and reasons share.

    Parameters
    ----------
    history
        What was known that day.
    config
        Settings.
    """

    def __init__(self, history: History, config: RecommenderConfig) -> None:
        self.history = history
        self.config = config
        self.rhythm = Rhythm(history)
        self.resellers = ResellerTraits(history, config.horizon_days)
        self.products = ProductTraits(history, config.horizon_days)
        self.reseller_neighbours = ResellerNeighbours(
            n_neighbours=config.n_neighbours, half_life=config.half_life_days
        ).fit(history)
        self.product_neighbours = ProductNeighbours(
            n_neighbours=config.n_item_neighbours, half_life=config.half_life_days
        ).fit(history)
        self.short = history.decayed(30.0)
        self.long = history.decayed(120.0)
        self.few_orders = history.decayed_orders(3.0)
        self.many_orders = history.decayed_orders(10.0)

    def block(self, resellers: npt.NDArray[np.int64]) -> Block:
        """Score all products for a few resellers."""
        similar = self.reseller_neighbours.similar(resellers)
        return Block(
            resellers,
            self.history.positions(resellers),
            similar,
            self.reseller_neighbours.score(similar),
            self.product_neighbours.score(resellers),
        )

    def block_size(self) -> int:
        """Return how many resellers one block may hold."""
        widest = max(self.history.n_products, self.history.n_resellers, 1)
        return max(1, self.config.block_cells // widest)
