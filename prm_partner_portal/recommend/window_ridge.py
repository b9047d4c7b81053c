"""What resellers with a like past bought in the weeks that followed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .history import History
from .neighbours import profile_matrix
from .sampling import active_resellers, spread
from .solver import ridge_inverse

__all__ = ["WindowRidge"]

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float32]
_MOST_PRIMAL = 5000
"""Products up to which any number of rows is learnt from: time grows with the cube of
the products, memory with their square. Above, it does with the rows, which are
limited."""
_MOST_ROWS = 20_000
_MOST_COLUMNS = 3000
"""Products of the profiles that are looked at where time grows with their cube: what
fewer of the rows have says little."""


class WindowRidge:
    r"""Ridge regression from a reseller's profile to its next purchases.

    The rows *X* are profiles of active resellers as of the beginning of the last
    windows, *Y* tells what they bought in these windows, and beside it what for the
    first time: what comes next of what a reseller does not have is learnt from those
    who did not have it either. Older windows count less. With few products,

    .. math:: s_r = x_r (X^T X + \lambda I)^{-1} X^T Y

    and else its dual form, which is as small as there are rows,

    .. math:: s_r = x_r X^T (X X^T + \lambda I)^{-1} Y

    (kernel ridge regression with a linear kernel, Saunders et al. 1998). Other than
    neighbours by profile, and than EASE (Steck 2019), whose algebra it shares, it knows
    what people buy *next*.

    Parameters
    ----------
    horizon
        Days of a window.
    windows
        How many of the last windows.
    half_life
        Half-life of the profiles, in days.
    ridge
        The :math:`\lambda` of the formula.
    fading
        Days by which a window that began earlier counts half.
    rows
        Most rows where the range is large, the last window's first; time grows with
        their square times the resellers.
    """

    def __init__(
        self,
        *,
        horizon: int = 28,
        windows: int = 2,
        half_life: float = 90.0,
        ridge: float = 10.0,
        fading: float = 20.0,
        rows: int = 3000,
    ) -> None:
        self.horizon = horizon
        self.windows = windows
        self.half_life = half_life
        self.ridge = ridge
        self.fading = fading
        self.rows = rows

    def fit(self, history: History) -> WindowRidge:
        """Solve for the weights; nothing after the history's day."""
        self.profiles_ = profile_matrix(history, self.half_life)
        few = np.count_nonzero(history.buyers) <= _MOST_PRIMAL
        left = _MOST_ROWS if few else self.rows
        profiles, bought = [], []
        for window in range(1, self.windows + 1):
            start = history.day - window * self.horizon
            chosen = spread(active_resellers(history, start), left)
            left -= len(chosen)
            known = self._known(history, start, chosen)
            # Both sides by the root of its weight: weighted least squares.
            age = (window - 1) * self.horizon
            root = np.float32(np.exp2(-0.5 * age / self.fading))
            profiles.append(profile_matrix(known, self.half_life)[chosen] * root)
            bought.append(self._bought(history, start, chosen) * root)
        rows, self.targets_ = (
            sparse.vstack(part, "csr") for part in (profiles, bought)
        )
        self.columns_ = np.unique(rows.indices)
        if few and len(self.columns_) > _MOST_COLUMNS:
            self.columns_ = _most_had(rows, history.popularity_rank)
        rows = rows[:, self.columns_]
        self.across_ = rows.T.tocsr()
        self.primal_ = rows.shape[0] > rows.shape[1]
        kernel = self.across_ @ rows if self.primal_ else rows @ self.across_
        self.inverse_ = ridge_inverse(kernel, self.ridge)
        return self

    def score(self, resellers: _Ints, old: npt.NDArray[np.bool_]) -> _Floats:
        """Return the score of each product: asked resellers by products.

        Parameters
        ----------
        resellers
            Codes.
        old
            Cells bought before; the others are scored by first purchases.
        """
        # From the left: products by products would take more time and memory.
        left = self.profiles_[resellers][:, self.columns_]
        if self.primal_:
            likeness = (left @ self.inverse_) @ self.across_
        else:
            likeness = (left @ self.across_).toarray() @ self.inverse_
        scores = likeness @ self.targets_
        size = old.shape[1]
        chosen: _Floats = np.where(old, scores[:, :size], scores[:, size:])
        return chosen

    def _known(self, history: History, start: int, chosen: _Ints) -> History:
        """Return what was known of some resellers on a day."""
        wanted = np.zeros(history.n_resellers, dtype=bool)
        wanted[chosen] = True
        rows = history.purchases.chosen(wanted[history.purchases.reseller])
        return History(rows, history.n_resellers, history.n_products, start)

    def _bought(self, history: History, start: int, chosen: _Ints) -> sparse.csr_matrix:
        """Return what they bought after it, and behind it what for the first time."""
        bought = history.bought_between(start, start + self.horizon)
        first = bought & (history.pair_first > start)
        ones = np.ones(len(bought), dtype=np.float32)
        parts = [history.matrix(ones, kept)[chosen] for kept in (bought, first)]
        return sparse.hstack(parts, "csr")


def _most_had(rows: sparse.csr_matrix, rank: _Ints) -> _Ints:
    """Return the products that most rows have; ties fall to the popular one."""
    count = np.bincount(rows.indices, minlength=rows.shape[1])
    return np.sort(np.lexsort((rank, -count))[:_MOST_COLUMNS])
