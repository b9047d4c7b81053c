"""Between two orders: what was learnt from little, and what was bought most often."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .places import STEPS, places_among

__all__ = ["hedged"]

_Ints = npt.NDArray[np.int64]
_Reals = npt.NDArray[np.float64]
_SOFTENING = 3
"""Keeps the first places from outweighing all others."""


def hedged(rows: _Ints, chances: _Reals, counted: npt.NDArray, share: float) -> _Reals:
    r"""Hand each row's chances out in an order between two.

    Candidates are ordered by :math:`s \log(a + 3) + (1 - s) \log(b + 3)`, with *s* the
    share, *a* their place by chance and *b* their place by count, and get the chances
    of their row from the highest on: what is expected of a row stays the same. Two
    orders whose errors differ are better than each of them.

    Parameters
    ----------
    rows
        Row of each candidate.
    chances
        What was learnt.
    counted
        How often each was bought, or anything else to order by, and what breaks the
        ties of that, shape (2, candidates).
    share
        Of the order that was learnt.

    Examples
    --------
    >>> import numpy as np
    >>> rows, chances = np.zeros(3, dtype=int), np.array([0.3, 0.2, 0.1])
    >>> counted = np.array([[1, 2, 9], [0, 0, 0]])
    >>> hedged(rows, chances, counted, 0.45).round(3).tolist()
    [0.2, 0.1, 0.3]
    """
    by_chance = np.lexsort((-counted[0], -chances, rows))
    by_count = np.lexsort((-counted[1], -counted[0], rows))
    places = np.zeros(len(rows))
    for order, part in ((by_chance, share), (by_count, 1.0 - share)):
        places[order] += part * np.log(places_among(rows[order]) + _SOFTENING)
    between = np.lexsort((-chances, places, rows))
    handed = np.empty_like(chances)
    # Equal chances would lose the order: what comes later has a little less.
    less = 2.0 / STEPS * places_among(rows[between])
    handed[between] = np.maximum(chances[by_chance] - less, 0.0)
    return handed
