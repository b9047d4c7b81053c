"""The best candidates of each reseller, purpose by purpose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from .assortment import Assortment
from .candidates import candidate_pairs, default_generators
from .cold import ColdRanker
from .errors import ConfigError
from .evidence import Block, Evidence
from .features import describe
from .model import Model
from .places import STEPS, places_among, top_rows

__all__ = [
    "PURPOSES",
    "ListMaker",
    "Listed",
    "check_wanted",
    "cut_lists",
    "purpose_mask",
]

_Ints = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]
_Reals = npt.NDArray[np.float64]
_VARIANTS = 2
"""New variants of one article in a list."""
PURPOSES = ("all", "reorder", "discover")


@dataclass(frozen=True)
class Listed:
    """Lines of lists: one entry an array, same length.

    Attributes
    ----------
    reseller, product
        Codes.
    rank
        Place in its list, from 1.
    probability
        Chance of a purchase in the horizon.
    pair
        Pair of the history, -1 for products never bought.
    purpose
        Place in `wanted` of the purpose it was listed for.
    """

    reseller: _Ints
    product: _Ints
    rank: _Ints
    probability: _Reals
    pair: _Ints
    purpose: _Ints

    def chosen(self, kept: npt.NDArray) -> Listed:
        """Return some of the lines."""
        return Listed(*(getattr(self, field.name)[kept] for field in fields(self)))

    @classmethod
    def joined(cls, parts: list[Listed]) -> Listed:
        """Put several one behind the other."""
        if not parts:
            none = np.empty(0, dtype=np.int64)
            return cls(none, none, none, np.empty(0), none, none)
        columns = (
            np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(cls)
        )
        return cls(*columns)


class ListMaker:
    """Ranks candidates block by block, so that memory stays bounded.

    Parameters
    ----------
    evidence
        What was known.
    model
        What was learnt.
    cold
        Ranker for resellers without orders.
    assortment
        What may be listed.
    articles
        What each product is a variant of, by code; -1 where unknown.
    """

    def __init__(
        self,
        evidence: Evidence,
        model: Model,
        cold: ColdRanker,
        assortment: Assortment,
        articles: _Ints,
    ) -> None:
        self.evidence = evidence
        self.model = model
        self.cold = cold
        self.assortment = assortment
        self.articles = articles
        self.launched = np.ones(evidence.history.n_products)
        self.launched[evidence.newcomers.codes] = evidence.launch_share()

    def blocks(
        self, resellers: _Ints, wanted: Mapping[str, int]
    ) -> Iterator[tuple[Block | None, Listed]]:
        """Yield the lists of a few resellers at a time.

        Parameters
        ----------
        resellers
            Codes.
        wanted
            Length of the list by purpose.

        Yields
        ------
        block, listed
            The block the lines come from (None for resellers without orders).
        """
        generators = default_generators(
            self.evidence.config, self.evidence, max(wanted.values())
        )
        history = self.evidence.history
        if not history.n_products:
            return
        size = self.evidence.block_size()
        known = history.n_orders[resellers] > 0
        warm, cold = resellers[known], resellers[~known]
        for start in range(0, len(warm), size):
            block = self.evidence.block(warm[start : start + size])
            allowed = self._listable(block.resellers)
            rows, products = candidate_pairs(generators, block, allowed)
            chance = self._chance(block, rows, products)
            pairs = block.pairs[rows, products].astype(np.int64)
            yield (
                block,
                self._cut(block.resellers, rows, products, chance, pairs, wanted),
            )
        for start in range(0, len(cold), size):
            yield None, self._cold(cold[start : start + size], wanted)

    def _listable(self, resellers: _Ints) -> _Mask:
        """Tell the cells that may be listed and are still sold to anybody."""
        return self.assortment.cells(resellers) & ~self.evidence.products.asleep

    def _chance(self, block: Block, rows: _Ints, products: _Ints) -> _Reals:
        features = describe(self.evidence, block, rows, products)
        chance = self.model.chances(features, rows)
        chance *= self.launched[products]
        return np.rint(chance * STEPS) / STEPS

    def _cold(self, resellers: _Ints, wanted: Mapping[str, int]) -> Listed:
        chance = self.cold.predict(resellers) * self.launched
        rows, products = np.nonzero(self._listable(resellers))
        pairs = np.full(len(rows), -1, dtype=np.int64)
        return self._cut(
            resellers, rows, products, chance[rows, products], pairs, wanted
        )

    def _cut(
        self,
        resellers: _Ints,
        rows: _Ints,
        products: _Ints,
        chance: _Reals,
        pairs: _Ints,
        wanted: Mapping[str, int],
    ) -> Listed:
        tie = self.evidence.history.popularity_rank[products]
        article = np.where(pairs < 0, self.articles[products], -1)
        kept = varied(rows, article, chance, tie)
        return cut_lists(
            resellers,
            rows[kept],
            products[kept],
            chance[kept],
            pairs[kept],
            tie[kept],
            wanted,
        )


def cut_lists(
    resellers: _Ints,
    rows: _Ints,
    products: _Ints,
    scores: npt.NDArray,
    pairs: _Ints,
    ties: _Ints,
    wanted: Mapping[str, int],
) -> Listed:
    """Keep the best candidates of each row, purpose by purpose."""
    parts = []
    for place, (purpose, length) in enumerate(wanted.items()):
        kept = np.flatnonzero(purpose_mask(purpose, pairs >= 0))
        best, rank = top_rows(rows[kept], scores[kept], ties[kept], length)
        best = kept[best]
        which = np.full(len(best), place, dtype=np.int64)
        chance = scores[best].astype(np.float64)
        line = (resellers[rows[best]], products[best], rank, chance, pairs[best], which)
        parts.append(Listed(*line))
    return Listed.joined(parts)


def varied(rows: _Ints, articles: _Ints, scores: _Reals, ties: _Ints) -> _Mask:
    """Tell which entries are among the best two of their row and article.

    Entries of no article (-1) always are.

    Examples
    --------
    >>> import numpy as np
    >>> rows, articles = np.zeros(4, dtype=int), np.array([7, 7, 7, -1])
    >>> scores, ties = np.array([0.1, 0.3, 0.2, 0.1]), np.arange(4)
    >>> varied(rows, articles, scores, ties).tolist()
    [False, True, True, True]
    """
    kept = np.ones(len(rows), dtype=bool)
    some = np.flatnonzero(articles >= 0)
    group = rows[some] * (int(articles.max(initial=0)) + 1) + articles[some]
    order = np.lexsort((ties[some], -scores[some], group))
    kept[some[order]] = places_among(group[order]) <= _VARIANTS
    return kept


def purpose_mask(purpose: str, old: _Mask) -> _Mask:
    """Tell which candidates a purpose may list."""
    if purpose == "all":
        return np.ones_like(old)
    return old if purpose == "reorder" else ~old


def check_wanted(wanted: Mapping[str, int]) -> None:
    """Raise unless purposes and lengths are allowed."""
    for purpose, length in wanted.items():
        if purpose not in PURPOSES:
            raise ConfigError("purpose", purpose, "one of " + ", ".join(PURPOSES))
        whole = isinstance(length, (int, np.integer)) and not isinstance(length, bool)
        if not whole or length < 1:
            raise ConfigError("k", length, "a whole number from 1")
