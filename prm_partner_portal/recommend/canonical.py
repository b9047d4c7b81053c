"""An order of ids that follows from the data alone.

Everything downstream works on codes. When the codes follow from who bought what
and when, neither the order of rows nor the names of ids can change a list: ties
fall to the product seen first, then to a fingerprint of its purchases.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["canonical_order", "mix"]

_Hash = npt.NDArray[np.uint64]
_Codes = npt.NDArray[np.int32]
_ROUNDS = 3
_BLOCK = 1_000_000
"""Lines that are added up at a time."""


def canonical_order(
    resellers: _Codes,
    products: _Codes,
    days: npt.NDArray[np.int32],
    quantities: npt.NDArray[np.float64],
    reseller_ids: npt.NDArray[np.object_],
    product_ids: npt.NDArray[np.object_],
) -> tuple[_Codes, _Codes]:
    """Give each reseller and each product its canonical place.

    Parameters
    ----------
    resellers, products
        Code of each line's reseller and product, in any order.
    days, quantities
        When and how much.
    reseller_ids, product_ids
        Ids by code; they decide only between twins with equal histories.

    Returns
    -------
    reseller_places, product_places
        New code of each old one: by first day, fingerprint, id.
    """
    sizes = len(reseller_ids), len(product_ids)
    prints: tuple[_Hash, _Hash] | None = None
    for _ in range(_ROUNDS):
        prints = _fingerprints(resellers, products, days, quantities, sizes, prints)
    assert prints is not None
    return (
        _places(_first(days, resellers, sizes[0]), prints[0], reseller_ids),
        _places(_first(days, products, sizes[1]), prints[1], product_ids),
    )


def _fingerprints(
    resellers: _Codes,
    products: _Codes,
    days: npt.NDArray[np.int32],
    quantities: npt.NDArray[np.float64],
    sizes: tuple[int, int],
    known: tuple[_Hash, _Hash] | None,
) -> tuple[_Hash, _Hash]:
    """Tell resellers and products apart by their lines, and by those of the others."""
    bought, sold = (np.zeros(size, dtype=np.uint64) for size in sizes)
    for start in range(0, len(days), _BLOCK):
        some = slice(start, start + _BLOCK)
        reseller, product = resellers[some], products[some]
        events = mix(days[some].astype(np.uint64)) ^ mix(
            quantities[some].view(np.uint64) + np.uint64(7)
        )
        of_product, of_reseller = events, events
        if known is not None:
            of_product = mix(events ^ known[1][product])
            of_reseller = mix(events + known[0][reseller])
        # Whole numbers wrap, so the order of rows cannot matter.
        np.add.at(bought, reseller, of_product)
        np.add.at(sold, product, of_reseller)
    return mix(bought), mix(sold)


def mix(values: _Hash) -> _Hash:
    """Scatter bits (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        mixed = values + np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def _first(days: npt.NDArray[np.int32], codes: _Codes, size: int) -> _Codes:
    first = np.full(size, np.iinfo(np.int32).max, dtype=np.int32)
    np.minimum.at(first, codes, days)
    return first


def _places(first: _Codes, prints: _Hash, ids: npt.NDArray[np.object_]) -> _Codes:
    """Rank by first day, fingerprint and, between twins only, id."""
    texts = np.array([str(value) for value in ids], dtype=object)
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    by_text = np.argsort(texts, kind="stable") if len(texts) else lengths
    text_rank = np.empty(len(texts), dtype=np.int64)
    text_rank[by_text] = np.arange(len(texts))
    order = np.lexsort((text_rank, lengths, prints, first))
    places = np.empty(len(order), dtype=np.int32)
    places[order] = np.arange(len(order))
    return places
