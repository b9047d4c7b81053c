"""Which products may be listed for which reseller."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .catalogue import lookup_ids
from .checks import check_columns, check_ids
from .columns import Columns
from .dataset import Dataset

__all__ = ["Assortment"]

_Mask = npt.NDArray[np.bool_]
_Ints = npt.NDArray[np.int64]


class Assortment:
    """Tells the cells (reseller, product) that may be listed.

    Parameters
    ----------
    products
        Products that may be listed at all, by code.
    excluded
        Codes of resellers and products of pairs that are never listed.
    segments
        Row of `by_segment` that binds each reseller, -1 for none; None: nobody.
    by_segment
        Products allowed to each segment.
    """

    def __init__(
        self,
        products: _Mask,
        *,
        excluded: tuple[_Ints, _Ints] | None = None,
        segments: _Ints | None = None,
        by_segment: _Mask | None = None,
    ) -> None:
        self.products = products
        self.excluded = excluded
        self.segments = segments
        self.by_segment = by_segment

    @classmethod
    def from_frames(
        cls,
        dataset: Dataset,
        exclude: pd.DataFrame | None = None,
        allowed: pd.DataFrame | None = None,
    ) -> Assortment:
        """Read the tables; ids that the dataset does not know are ignored.

        Parameters
        ----------
        dataset
            Gives the ids, the catalogue and the segments of the resellers.
        exclude
            Pairs (`reseller`, `product`) that are never listed.
        allowed
            Pairs (`segment`, `product`): a reseller whose segment stands in this
            table gets only products that stand beside it.
        """
        segments, by_segment = _segments(dataset, allowed)
        return cls(
            dataset.catalogue.listed,
            excluded=_excluded(dataset, exclude),
            segments=segments,
            by_segment=by_segment,
        )

    @property
    def n_excluded(self) -> int:
        """Number of excluded pairs that the dataset knows."""
        return 0 if self.excluded is None else len(self.excluded[0])

    def cells(self, resellers: _Ints) -> _Mask:
        """Return what may be listed: asked resellers by products."""
        cells = np.broadcast_to(self.products, (len(resellers), len(self.products)))
        cells = cells.copy()
        if self.segments is not None and self.by_segment is not None:
            segment = self.segments[resellers]
            bound = segment >= 0
            cells[bound] &= self.by_segment[segment[bound]]
        if self.excluded is not None and len(resellers):
            rows, products = self.excluded
            order = np.argsort(resellers, kind="stable")
            place = np.searchsorted(resellers[order], rows)
            found = order[np.minimum(place, len(order) - 1)]
            inside = resellers[found] == rows
            cells[found[inside], products[inside]] = False
        return cells


def _excluded(
    dataset: Dataset, exclude: pd.DataFrame | None
) -> tuple[_Ints, _Ints] | None:
    if exclude is None:
        return None
    check_columns(exclude, "exclude", [Columns.RESELLER, Columns.PRODUCT])
    resellers = _codes(exclude, "exclude", Columns.RESELLER, dataset.reseller_ids)
    products = _codes(exclude, "exclude", Columns.PRODUCT, dataset.product_ids)
    known = (resellers >= 0) & (products >= 0)
    return resellers[known], products[known]


def _segments(
    dataset: Dataset, allowed: pd.DataFrame | None
) -> tuple[_Ints | None, _Mask | None]:
    if allowed is None:
        return None, None
    check_columns(allowed, "allowed", [Columns.SEGMENT, Columns.PRODUCT])
    rows, names = check_ids(allowed[Columns.SEGMENT], "allowed")
    products = _codes(allowed, "allowed", Columns.PRODUCT, dataset.product_ids)
    by_segment = np.zeros((len(names), dataset.n_products), dtype=bool)
    by_segment[rows[products >= 0], products[products >= 0]] = True
    given = dataset.peers.segments
    known = np.array([value for value in given if value is not None], dtype=object)
    codes = np.full(dataset.n_resellers, -1, dtype=np.int64)
    filled = np.array([value is not None for value in given], dtype=bool)
    codes[filled] = lookup_ids(known, "allowed", Columns.SEGMENT, names)
    return codes, by_segment


def _codes(
    frame: pd.DataFrame, table: str, column: str, ids: npt.NDArray[np.object_]
) -> _Ints:
    rows, wanted = check_ids(frame[column], table)
    return lookup_ids(wanted, table, column, ids)[rows]
