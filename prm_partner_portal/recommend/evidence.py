"""All that is known on one day, fitted once and read block by block."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .basket_ease import BasketEase
from .config import RecommenderConfig
from .frequency import own_frequency
from .history import History
from .neighbours import ProductNeighbours, ResellerNeighbours
from .newcomers import Newcomers
from .rhythm import Rhythm
from .traits import ProductTraits, ResellerTraits
from .window_ridge import WindowRidge

__all__ = ["PLACES", "SCORES", "Block", "Evidence"]

_Floats = npt.NDArray[np.float32]
PLACES = 128
"""Places of new products told apart."""
SCORES = ("by_resellers", "by_products", "by_window", "by_baskets")
"""Attributes of a block by which new products have a place."""
_MOST_LAUNCHED = 0.1
_YEAR = 364


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
    by_resellers, by_products, by_window, by_baskets
        Score of each product from similar resellers, from products bought together,
        from what resellers with a like past bought next, and, of new products, from
        the orders of late.
    """

    resellers: npt.NDArray[np.int64]
    pairs: npt.NDArray[np.int32]
    similar: sparse.csr_matrix
    by_resellers: _Floats
    by_products: _Floats
    by_window: _Floats
    by_baskets: _Floats

    @cached_property
    def _tops(self) -> dict[str, npt.NDArray[np.float64]]:
        """Highest scores of each row's new products, falling, by kind of score."""
        count, new = min(PLACES, self.pairs.shape[1]), self.pairs < 0
        tops = {}
        for name in SCORES:
            cells = np.maximum(getattr(self, name), 0.0)
            cells = np.where(new, cells, np.float32(0.0))
            top = np.partition(cells, -count, axis=1)[:, -count:]
            tops[name] = -np.sort(-top, axis=1).astype(np.float64)
        return tops

    def places(
        self, name: str, rows: npt.NDArray[np.int64], products: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Return how many new products of the row have a higher score, at most 128.

        Parameters
        ----------
        name
            One of :data:`SCORES`.
        rows, products
            New products, and the rows they are new to.
        """
        top = self._tops[name]
        count, scale = top.shape[1], np.maximum(top[:, :1], 1e-9)
        # One sorted line of all rows, two apart.
        line = (2.0 * np.arange(len(top))[:, None] + 1.0 - top / scale).ravel()
        asked = np.maximum(getattr(self, name)[rows, products], 0.0)
        asked = asked.astype(np.float64)
        found = np.searchsorted(line, 2.0 * rows + 1.0 - asked / scale[rows, 0])
        return found - rows * count


class Evidence:
    """Statistics and neighbours that candidates, features and reasons share.

    Parameters
    ----------
    history
        What was known that day.
    config
        Settings.
    newcomers
        Products that nobody bought yet, where they may be listed.
    """

    def __init__(
        self,
        history: History,
        config: RecommenderConfig,
        newcomers: Newcomers | None = None,
    ) -> None:
        self.history = history
        self.config = config
        self.newcomers = newcomers or Newcomers.none(history.n_products)
        self.rhythm = Rhythm(history)
        self.resellers = ResellerTraits(history, config.horizon_days)
        self.products = ProductTraits(history, config.horizon_days)
        self.reseller_neighbours = ResellerNeighbours(
            n_neighbours=config.n_neighbours, half_life=config.half_life_days
        ).fit(history)
        self.product_neighbours = ProductNeighbours(
            n_neighbours=config.n_item_neighbours, half_life=config.half_life_days
        ).fit(history)
        self.window_ridge = WindowRidge(
            horizon=config.horizon_days,
            half_life=config.half_life_days,
            rows=config.window_rows,
        ).fit(history)
        self.basket_ease = BasketEase(profile_half_life=config.half_life_days).fit(
            history
        )
        own, fill = own_frequency(history)
        # Of what nobody bought yet there is nothing to count.
        self.frequency = own, np.where(history.buyers > 0, fill, -1.0)
        self.short = history.decayed(30.0)
        self.long = history.decayed(120.0)
        self.products.lend(self.newcomers)
        self.few_orders = history.decayed_orders(3.0)
        self.many_orders = history.decayed_orders(10.0)
        year_ago = history.day - _YEAR
        self.last_year = history.bought_between(
            year_ago, year_ago + config.horizon_days
        )

    def block(self, resellers: npt.NDArray[np.int64]) -> Block:
        """Score all products for a few resellers."""
        pairs = self.history.positions(resellers)
        similar = self.reseller_neighbours.similar(resellers)
        borrow = self.newcomers.borrow
        return Block(
            resellers,
            pairs,
            similar,
            borrow(self.reseller_neighbours.score(similar)),
            borrow(self.product_neighbours.score(resellers)),
            borrow(self.window_ridge.score(resellers, pairs >= 0)),
            borrow(self.basket_ease.score(resellers)),
        )

    def launch_share(self) -> float:
        """Return how likely a newcomer is sold to anybody in the coming horizon.

        As many products are launched in it as in the last one; but never more than one
        in ten of those that wait: beside what is known to sell, a higher chance costs
        more lists than it serves.
        """
        waiting = len(self.newcomers.codes)
        since = self.history.day - self.config.horizon_days
        first = np.full(self.history.n_products, self.history.day + 1)
        np.minimum.at(first, self.history.pair_product, self.history.pair_first)
        launched = int(((first > since) & (first <= self.history.day)).sum())
        return min(_MOST_LAUNCHED, (launched + 1) / max(waiting, 1))

    def block_size(self) -> int:
        """Return how many resellers one block may hold."""
        widest = max(self.history.n_products, self.history.n_resellers, 1)
        return max(1, self.config.block_cells // widest)
