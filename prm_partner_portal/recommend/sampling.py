"""Which resellers and candidates are learnt from where there are too many."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .canonical import mix
from .history import History

__all__ = ["active_resellers", "drawn", "spread"]

_Ints = npt.NDArray[np.int64]
_ACTIVE_DAYS = 182


def active_resellers(history: History, day: int | None = None) -> _Ints:
    """Return who ordered in the half-year before a day; anybody where nobody did.

    Parameters
    ----------
    history
        What is known.
    day
        The last day that counts; the history's own when None.
    """
    last = history.day if day is None else day
    rows = history.purchases
    known = rows.day <= last
    active = known & (rows.day > last - _ACTIVE_DAYS)
    found = np.unique(rows.reseller[active if active.any() else known])
    return found.astype(np.int64)


def spread(codes: _Ints, most: int) -> _Ints:
    """Draw codes without regard to what they stand for; sorted.

    Codes follow from the first day of a reseller: what is drawn is the same on any
    machine, and newcomers replace few of the others.

    Examples
    --------
    >>> import numpy as np
    >>> len(spread(np.arange(10), 4))
    4
    """
    if len(codes) <= most:
        return codes
    return np.sort(codes[np.argsort(mix(codes.astype(np.uint64)))[:most]])


def drawn(resellers: _Ints, products: _Ints, share: float) -> npt.NDArray[np.bool_]:
    """Draw a share of pairs, each on its own."""
    pairs = mix(resellers.astype(np.uint64)) + products.astype(np.uint64)
    return (mix(pairs) >> np.uint64(11)) * 2.0**-53 < share
