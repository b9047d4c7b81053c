"""What the ranker sees of a candidate; one matrix for own, one for new products."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .evidence import Block, Evidence

__all__ = [
    "NEW_FEATURES",
    "OWN_FEATURES",
    "RISING_FEATURES",
    "absent_features",
    "new_features",
    "own_features",
]

_Floats = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int64]

_RESELLER = ("orders", "rate", "since", "lateness", "breadth", "novelty", "season")
_PRODUCT = ("recent", "wide", "trend", "firsts", "age", "repeat", "season")

_COMMON = (
    "similar",
    "together",
    *(f"reseller_{name}" for name in _RESELLER),
    *(f"product_{name}" for name in _PRODUCT),
)
OWN_FEATURES = (
    "constant",
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
    *_COMMON,
)
"""Names of the columns of :func:`own_features`."""
NEW_FEATURES = (
    "constant",
    "similar_part",
    "together_part",
    "similar_together",
    "fresh",
    *_COMMON,
)
"""Names of the columns of :func:`new_features`."""
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
        "product_recent",
        "product_wide",
        "product_trend",
        "product_firsts",
    }
)
"""Evidence that a reason may name: more of it never counts against a product."""
_ABSENT = {
    "short": np.log(0.02),
    "long": np.log(0.02),
    "few_orders": np.log(0.02),
    "many_orders": np.log(0.02),
    "share": np.log(0.02),
    "overdue": np.log(3.05),
    "similar": np.log(1e-4),
    "together": np.log(1e-3),
    "product_recent": np.log(1e-4),
    "product_wide": np.log(1e-4),
    "product_firsts": np.log(1e-4),
}


def own_features(
    evidence: Evidence, block: Block, rows: _Ints, products: _Ints
) -> _Floats:
    """Describe candidates the reseller bought before.

    Parameters
    ----------
    evidence
        What was known.
    block
        The resellers.
    rows, products
        Row in the block and product of each candidate.
    """
    history, rhythm = evidence.history, evidence.rhythm
    pairs = block.pairs[rows, products]
    count = history.pair_count[pairs].astype(np.float32)
    orders = history.n_orders[block.resellers[rows]].astype(np.float32)
    late = np.log(rhythm.ratio[pairs] + 0.05)
    around = np.exp(-2.0 * late * late)
    since = history.day - history.pair_last[pairs]
    behind = history.line_age[history.pair_end[pairs] - 1]
    columns = [
        np.ones(len(rows)),
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
        _last_year(evidence)[pairs],
        np.log(rhythm.usual[products]),
        *_common(evidence, block, rows, products),
    ]
    return _matrix(columns)


def new_features(
    evidence: Evidence, block: Block, rows: _Ints, products: _Ints
) -> _Floats:
    """Describe candidates the reseller never bought; see :func:`own_features`."""
    similar = block.by_resellers[rows, products]
    together = block.by_products[rows, products]
    top_similar = block.by_resellers.max(axis=1, initial=0.0)[rows] + 1e-4
    top_together = block.by_products.max(axis=1, initial=0.0)[rows] + 1e-3
    columns = [
        np.ones(len(rows)),
        similar / top_similar,
        together / top_together,
        np.sqrt(similar * together),
        evidence.products.age[products] < np.log1p(56),
        *_common(evidence, block, rows, products),
    ]
    return _matrix(columns)


def _common(
    evidence: Evidence, block: Block, rows: _Ints, products: _Ints
) -> list[npt.NDArray]:
    codes = block.resellers[rows]
    return [
        np.log(block.by_resellers[rows, products] + 1e-4),
        np.log(block.by_products[rows, products] + 1e-3),
        *(getattr(evidence.resellers, name)[codes] for name in _RESELLER),
        *(getattr(evidence.products, name)[products] for name in _PRODUCT),
    ]


def _last_year(evidence: Evidence) -> _Floats:
    """1 for pairs bought in the same days last year."""
    history, horizon = evidence.history, evidence.config.horizon_days
    end = history.day - 364 + horizon
    days = history.purchases.day
    inside = (days > end - horizon) & (days <= end)
    return np.minimum(history.sum_by_pair(inside.astype(np.float32)), 1.0)


def _matrix(columns: list[npt.NDArray]) -> _Floats:
    matrix = np.empty((len(columns[0]), len(columns)), dtype=np.float32)
    for place, column in enumerate(columns):
        matrix[:, place] = column
    return matrix


def absent_features(names: tuple[str, ...]) -> _Floats:
    """Return one row: each feature as it would be without its evidence."""
    return np.array([[_ABSENT.get(name, 0.0) for name in names]], dtype=np.float32)
