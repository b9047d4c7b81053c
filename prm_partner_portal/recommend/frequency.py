"""Own frequency with fill: the order that everything richer has to beat."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .history import History

__all__ = ["own_frequency"]

_FILL_DAYS = 28


def own_frequency(
    history: History, half_life: float = 60.0
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float64]]:
    """Score what was bought by how often and lately, all else by recent buyers.

    Parameters
    ----------
    history
        What was known.
    half_life
        Days after which an order counts half.

    Returns
    -------
    own, fill
        One plus the decayed count of each pair; for each product a share below one of
        its buyers of late, so that it comes after all that was bought.
    """
    buyers = history.buyers_between(history.day - _FILL_DAYS, history.day)
    return history.decayed(half_life) + np.float32(1.0), buyers / (
        buyers.max(initial=0) + 1.0
    )
