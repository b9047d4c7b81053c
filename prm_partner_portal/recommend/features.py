"""What the rankers see of a candidate: one matrix, with columns of own and of new."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .evidence import PLACES, SCORES, Block, Evidence

__all__ = [
    "FEATURES",
    "LEARNT_FEATURES",
    "NEW_FEATURES",
    "OWN_FEATURES",
    "POPULAR_FEATURES",
    "RISING_FEATURES",
    "absent_features",
    "column",
    "columns_of",
    "describe",
]

_Floats = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int64]

_RESELLER = ("orders", "rate", "since", "lateness", "breadth", "novelty", "season")
_PRODUCT = (
    "recent",
    "wide",
    "trend",
    "fortnight",
    "quarter",
    "week",
    "firsts",
    "age",
    "repeat",
    "kept",
    "season",
    "season_turn",
)

_COMMON = (
    "similar",
    "together",
    "window",
    *(f"reseller_{name}" for name in _RESELLER),
    *(f"product_{name}" for name in _PRODUCT),
)
_OWN = (
    "count",
    "single",
    "short",
    "long",
    "few_orders",
    "many_orders",
    "share",
    "lateness",
    "overdue",
    "around",
    "steady",
    "days_since",
    "orders_since",
    "last_year",
    "usual",
)
# As in SCORES.
_PLACES = ("similar_place", "together_place", "window_place", "basket_place")
_NEW = (
    "similar_part",
    "together_part",
    "similar_together",
    "basket",
    *_PLACES,
    "fresh",
)
# Own frequency with fill, below 0 where nobody bought it yet, and what breaks its ties.
_COUNTED = ("frequency", "popularity")
LEARNT_FEATURES = ("constant", *_OWN, *_NEW, *_COMMON)
"""Those that rankers look at."""
FEATURES = (*LEARNT_FEATURES, *_COUNTED)
"""Names of the columns of :func:`describe`."""
OWN_FEATURES = ("constant", *_OWN, *_COMMON)
"""Those that tell products bought before apart."""
NEW_FEATURES = ("constant", *_NEW, *_COMMON)
"""Those that tell products never bought apart."""
POPULAR_FEATURES = (
    "product_recent",
    "product_wide",
    "product_trend",
    "product_fortnight",
    "product_quarter",
    "product_week",
    "product_firsts",
)
"""How many buy a product of late."""
RISING_FEATURES = frozenset(
    {
        "count",
        "short",
        "long",
        "few_orders",
        "many_orders",
        "share",
        "around",
        "steady",
        "last_year",
        "similar",
        "similar_part",
        "together",
        "together_part",
        "similar_together",
        "window",
        "basket",
        *_PLACES,
        "product_kept",
        "product_season",
        "product_season_turn",
        # Of late many buy it: for a new product they may be those who come back.
        *(set(POPULAR_FEATURES) - {"product_recent"}),
    }
)
"""Evidence that a reason may name, and what falls with it: more of it never counts
against a product."""
_NOT_APPLICABLE = -20.0
_ABSENT = {
    "short": np.log(0.02),
    "long": np.log(0.02),
    "few_orders": np.log(0.02),
    "many_orders": np.log(0.02),
    "share": np.log(0.02),
    "overdue": np.log(3.05),
    "similar": np.log(1e-4),
    "together": np.log(1e-3),
    "window": np.log(1e-4),
    "basket": np.log(1e-4),
    **dict.fromkeys(_PLACES, -np.log(3.0 + PLACES)),
    "product_week": np.log(0.5),
    "product_recent": np.log(1e-4),
    "product_wide": np.log(1e-4),
    "product_firsts": np.log(1e-4),
}


def columns_of(names: Sequence[str]) -> list[int]:
    """Return the places of some features in the matrix."""
    return [FEATURES.index(name) for name in names]


def column(features: _Floats, name: str) -> _Floats:
    """Return one column of the matrix."""
    found: _Floats = features[:, FEATURES.index(name)]
    return found


def describe(evidence: Evidence, block: Block, rows: _Ints, products: _Ints) -> _Floats:
    """Describe candidates.

    Parameters
    ----------
    evidence
        What was known.
    block
        The resellers.
    rows, products
        Row in the block and product of each candidate.

    Returns
    -------
    array
        Candidates by :data:`FEATURES`; what does not apply is far below any value.
    """
    matrix = np.full((len(rows), len(FEATURES)), _NOT_APPLICABLE, dtype=np.float32)
    matrix[:, 0] = 1.0
    for place, column in zip(
        columns_of(_COMMON), _common(evidence, block, rows, products), strict=True
    ):
        matrix[:, place] = column
    old = block.pairs[rows, products] >= 0
    for names, kept, columns in ((_OWN, old, _own), (_NEW, ~old, _new)):
        values = columns(evidence, block, rows[kept], products[kept])
        for place, column in zip(columns_of(names), values, strict=True):
            matrix[kept, place] = column
    for place, column in zip(
        columns_of(_COUNTED), _counted(evidence, block, rows, products), strict=True
    ):
        matrix[:, place] = column
    return matrix


def _counted(
    evidence: Evidence, block: Block, rows: _Ints, products: _Ints
) -> list[npt.NDArray]:
    own, fill = evidence.frequency
    pairs, counts = block.pairs[rows, products], fill[products]
    counts[pairs >= 0] = own[pairs[pairs >= 0]]
    return [counts, -evidence.history.popularity_rank[products]]


def _own(
    evidence: Evidence, block: Block, rows: _Ints, products: _Ints
) -> list[npt.NDArray]:
    history, rhythm = evidence.history, evidence.rhythm
    pairs = block.pairs[rows, products]
    count = history.pair_count[pairs].astype(np.float32)
    orders = history.n_orders[block.resellers[rows]].astype(np.float32)
    late = np.log(rhythm.ratio[pairs] + 0.05)
    around = np.exp(-2.0 * late * late)
    since = history.day - history.pair_last[pairs]
    last = history.pair_start[pairs] + history.pair_count[pairs] - 1
    behind = history.line_age[last]
    return [
        np.log(count),
        count == 1,
        np.log(evidence.short[pairs] + 0.02),
        np.log(evidence.long[pairs] + 0.02),
        np.log(evidence.few_orders[pairs] + 0.02),
        np.log(evidence.many_orders[pairs] + 0.02),
        np.log((count + 0.3) / (orders + 1.0)),
        np.minimum(late, 0.0),
        np.maximum(late, 0.0),
        around,
        around / (0.3 + rhythm.spread[pairs]),
        np.log1p(since),
        np.log1p(behind),
        evidence.last_year[pairs],
        np.log(rhythm.usual[products]),
    ]


def _new(
    evidence: Evidence, block: Block, rows: _Ints, products: _Ints
) -> list[npt.NDArray]:
    similar = block.by_resellers[rows, products]
    together = block.by_products[rows, products]
    top_similar = block.by_resellers.max(axis=1, initial=0.0)[rows] + 1e-4
    top_together = block.by_products.max(axis=1, initial=0.0)[rows] + 1e-3
    return [
        similar / top_similar,
        together / top_together,
        np.sqrt(similar * together),
        np.log(np.maximum(block.by_baskets[rows, products], 0.0) + 1e-4),
        *(-np.log(3.0 + block.places(name, rows, products)) for name in SCORES),
        evidence.products.age[products] < np.log1p(56),
    ]


def _common(
    evidence: Evidence, block: Block, rows: _Ints, products: _Ints
) -> list[npt.NDArray]:
    codes = block.resellers[rows]
    window = np.log(np.maximum(block.by_window[rows, products], 0.0) + 1e-4)
    return [
        np.log(block.by_resellers[rows, products] + 1e-4),
        np.log(block.by_products[rows, products] + 1e-3),
        window,
        *(getattr(evidence.resellers, name)[codes] for name in _RESELLER),
        *(getattr(evidence.products, name)[products] for name in _PRODUCT),
    ]


def absent_features() -> _Floats:
    """Return one row: each feature as it would be without its evidence."""
    return np.array([[_ABSENT.get(name, 0.0) for name in FEATURES]], dtype=np.float32)
