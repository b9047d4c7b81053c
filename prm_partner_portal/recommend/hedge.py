"""Between two orders: what was learnt from little, and what was bought most often."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .places import places_among

__all__ = ["hedged"]

_Ints = npt.NDArray[np.int64]
_Reals = npt.NDArray[np.float64]
_LEARNT_SHARE = 0.45
_SOFTENING = 3
"""Keeps the first places from outweighing all others."""


def hedged(rows: _Ints, chances: _Reals, counts: npt.NDArray) -> _Reals:
    r"""Hand each row's chances out in an order between two.

    Candidates are ordered by :math:`0.45 \log(a + 3) + 0.55 \log(b + 3)`, with *a*
    their place by chance and *b* their place by count, and get the chances of their
    row from the highest on: what is expected of a row stays the same. Two orders whose
    errors differ are better than each of them; so near to the simple one, hardly ever
    worse.

    Parameters
    ----------
    rows
        Row of each candidate.
    chances
        What was learnt.
    counts
        How often it was bought, or anything else to order by.

    Examples
    --------
    >>> import numpy as np
    >>> rows, chances = np.zeros(3, dtype=int), np.array([0.3, 0.2, 0.1])
    >>> hedged(rows, chances, np.array([1, 2, 9])).tolist()
    [0.2, 0.1, 0.3]
    """
    by_chance = np.lexsort((-counts, -chances, rows))
    by_count = np.lexsort((-chances, -counts, rows))
    places = np.zeros(len(rows))
    for order, share in ((by_chance, _LEARNT_SHARE), (by_count, 1.0 - _LEARNT_SHARE)):
        places[order] += share * np.log(places_among(rows[order]) + _SOFTENING)
    between = np.lexsort((-chances, places, rows))
    handed = np.empty_like(chances)
    handed[between] = chances[by_chance]
    return handed
