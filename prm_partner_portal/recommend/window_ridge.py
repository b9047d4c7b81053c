"""What resellers with a like past bought in the weeks that followed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from .history import History
from .neighbours import profile_matrix
from .sampling import active_resellers, spread

__all__ = ["WindowRidge"]

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float32]
_MOST_PRIMAL = 6000
"""Products up to which weights by product are kept: faster, with their square in
memory."""


class WindowRidge:
    r"""Ridge regression from a reseller's profile to its next purchases.

    The rows *X* are profiles of active resellers as of the beginning of the last
    windows, *Y* tells what they bought in these windows. In the dual form, which is
    small where there are fewer rows than products,

    .. math:: s_r = x_r X^T (X X^T + \lambda I)^{-1} Y

    (kernel ridge regression with a linear kernel, Saunders et al. 1998). Other than
    neighbours by profile, it knows what people buy *next*.

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
    rows
        Most rows; time grows with its square times the number of products.
    """

    def __init__(
        self,
        *,
        horizon: int = 28,
        windows: int = 2,
        half_life: float = 90.0,
        ridge: float = 10.0,
        rows: int = 3000,
    ) -> None:
        self.horizon = horizon
        self.windows = windows
        self.half_life = half_life
        self.ridge = ridge
        self.rows = rows

    def fit(self, history: History) -> WindowRidge:
        """Solve for the weights of the rows; nothing after the history's day."""
        self.profiles_ = profile_matrix(history, self.half_life)
        profiles, bought = [], []
        for window in range(1, self.windows + 1):
            before, after = self._window(history, window)
            chosen = spread(active_resellers(before), self.rows // self.windows)
            profiles.append(profile_matrix(before, self.half_life)[chosen])
            bought.append(after[chosen])
        rows = sparse.vstack(profiles, "csr")
        solved = self._solve(rows, sparse.vstack(bought, "csr"))
        self.primal_ = history.n_products <= _MOST_PRIMAL
        self.across_ = rows.T.tocsr()
        self.weights_: _Floats = self.across_ @ solved if self.primal_ else solved
        return self

    def score(self, resellers: _Ints) -> _Floats:
        """Return the score of each product: asked resellers by products."""
        left = self.profiles_[resellers]
        if not self.primal_:
            left = (left @ self.across_).toarray()
        scores: _Floats = left @ self.weights_
        return scores

    def _solve(self, rows: sparse.csr_matrix, bought: sparse.csr_matrix) -> _Floats:
        """Return the dual weights: rows by products.

        The targets are sparse: multiplying them by the inverse takes a fifth of the
        time of solving for every product.
        """
        kernel = (rows @ rows.T).toarray()
        kernel[np.diag_indices_from(kernel)] += np.float32(self.ridge)
        if not len(kernel):
            return bought.toarray()
        factor, _ = linalg.lapack.spotrf(kernel, lower=1, overwrite_a=1)
        inverse, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
        lower = np.tril(inverse)
        whole = lower + np.tril(lower, -1).T
        solved: _Floats = np.ascontiguousarray((bought.T @ whole).T)
        return solved

    def _window(
        self, history: History, window: int
    ) -> tuple[History, sparse.csr_matrix]:
        """Return what was known before a window, and what was bought in it."""
        start = history.day - window * self.horizon
        sizes = history.n_resellers, history.n_products
        before = History(history.purchases, *sizes, start)
        inside = history.purchases.between(start, start + self.horizon)
        cells = np.ones(len(inside.day), dtype=np.float32)
        places = inside.reseller.astype(np.int64), inside.product.astype(np.int64)
        bought = sparse.csr_matrix((cells, places), shape=sizes)
        bought.data[:] = 1.0
        return before, bought
