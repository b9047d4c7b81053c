"""What is known of the resellers beside their orders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .catalogue import match_ids, text_keys
from .checks import check_columns
from .columns import Columns

__all__ = ["PeerGroups"]

_LEVELS = (Columns.TIER, Columns.COUNTRY, Columns.TERRITORY)


@dataclass(frozen=True)
class PeerGroups:
    """Resellers by code, grouped by tier, then country, then territory.

    Attributes
    ----------
    ids
        Reseller ids; those with orders first, then those in the table only.
    groups
        One array a level, from coarse to fine: group of each reseller, -1 where
        its attribute is empty.
    segments
        Segment of each reseller, None where it has none.
    """

    ids: npt.NDArray[np.object_]
    groups: tuple[npt.NDArray[np.int64], ...]
    segments: npt.NDArray[np.object_]

    @classmethod
    def from_frame(
        cls, resellers: pd.DataFrame | None, ids: npt.NDArray[np.object_]
    ) -> PeerGroups:
        """Read the resellers table; resellers without orders are appended.

        Parameters
        ----------
        resellers
            The table, or None.
        ids
            Ids of the resellers with orders, by code.
        """
        if resellers is None:
            return cls(ids, (), np.full(len(ids), None, dtype=object))
        check_columns(resellers, "resellers", [Columns.RESELLER])
        codes, values = match_ids(resellers[Columns.RESELLER], "resellers", ids)
        new = np.flatnonzero(codes < 0)
        new = new[np.lexsort(text_keys(values[new]))]
        codes[new] = len(ids) + np.arange(len(new))
        everyone = np.concatenate([ids, values[new]])
        columns = [
            _by_code(resellers[name], codes, len(everyone))
            for name in _LEVELS
            if name in resellers
        ]
        segments = np.full(len(everyone), None, dtype=object)
        if Columns.SEGMENT in resellers:
            segments = _by_code(resellers[Columns.SEGMENT], codes, len(everyone))
        return cls(everyone, _groups(columns), segments)


def _by_code(
    column: pd.Series, codes: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.object_]:
    values = np.full(size, None, dtype=object)
    read = column.astype(object).to_numpy()
    filled = column.notna().to_numpy()
    values[codes[filled]] = read[filled]
    return values


def _groups(
    columns: list[npt.NDArray[np.object_]],
) -> tuple[npt.NDArray[np.int64], ...]:
    """Number the combinations of the first one, two, … attributes."""
    levels: list[npt.NDArray[np.int64]] = []
    for column in columns:
        codes = pd.factorize(column)[0].astype(np.int64)
        if levels:
            parent = levels[-1]
            whole = (codes >= 0) & (parent >= 0)
            mixed = parent * (codes.max(initial=0) + 1) + codes
            codes = pd.factorize(np.where(whole, mixed, -1))[0].astype(np.int64)
            codes[~whole] = -1
        levels.append(codes)
    return tuple(levels)
