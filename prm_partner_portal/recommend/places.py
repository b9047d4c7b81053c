"""Places in lists: by score, and among what stands together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["STEPS", "places_among", "top_rows"]

_Ints = npt.NDArray[np.int64]
STEPS = 1 << 30
"""Steps from 0 to 1 in which scores are compared: less is arithmetic, not evidence."""


def top_rows(
    rows: _Ints, scores: npt.NDArray, ties: _Ints, count: int
) -> tuple[_Ints, _Ints]:
    """Return the places of the best `count` entries of each row, and their ranks.

    Scores are compared in steps of 2**-30 (of the largest, if above one); equal
    ones fall to the smaller tie.

    Examples
    --------
    >>> import numpy as np
    >>> rows, ties = np.array([0, 0, 0, 1]), np.array([2, 1, 0, 0])
    >>> best, rank = top_rows(rows, np.array([0.1, 0.5, 0.5, 0.3]), ties, 2)
    >>> best.tolist(), rank.tolist()
    ([2, 1, 3], [1, 2, 1])
    """
    if not len(rows):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    steps = np.rint(scores * (STEPS / max(1.0, float(scores.max()))))
    key = (rows << 51) + ((STEPS - steps.astype(np.int64)) << 20) + ties
    order = np.argsort(key)
    rank = places_among(rows[order])
    kept = rank <= count
    return order[kept], rank[kept]


def places_among(groups: _Ints) -> _Ints:
    """Return the place of each entry in its group, from 1; groups stand together.

    Examples
    --------
    >>> import numpy as np
    >>> places_among(np.array([4, 4, 7, 7, 7])).tolist()
    [1, 2, 1, 2, 3]
    """
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    sizes = np.diff(np.append(starts, len(groups)))
    return np.arange(len(groups)) - np.repeat(starts, sizes) + 1
