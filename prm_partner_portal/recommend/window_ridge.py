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
_MOST_PRIMAL = 5000
"""Products up to which there are weights by product, learnt from any number of rows:
time grows with the cube of the products, memory with their square. Above, there are
weights by row, of a limited number of rows."""
_MOST_ROWS = 20_000
_BLOCK_ROWS = 2000


class WindowRidge:
    r"""Ridge regression from a reseller's profile to its next purchases.

    The rows *X* are profiles of active resellers as of the beginning of the last
    windows, *Y* tells what they bought in these windows. With few products,

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
    rows
        Most rows of the dual form; time grows with its square times the products.
    """

    def __init__(
        self,
        *,
        horizon: int = 28,
        windows: int = 3,
        half_life: float = 90.0,
        ridge: float = 30.0,
        rows: int = 3000,
    ) -> None:
        self.horizon = horizon
        self.windows = windows
        self.half_life = half_life
        self.ridge = ridge
        self.rows = rows

    def fit(self, history: History) -> WindowRidge:
        """Solve for the weights; nothing after the history's day."""
        self.profiles_ = profile_matrix(history, self.half_life)
        self.primal_ = np.count_nonzero(history.buyers) <= _MOST_PRIMAL
        most = _MOST_ROWS if self.primal_ else self.rows
        profiles, bought = [], []
        for window in range(1, self.windows + 1):
            start = history.day - window * self.horizon
            chosen = spread(active_resellers(history, start), most // self.windows)
            before, after = self._window(history, start, chosen)
            profiles.append(profile_matrix(before, self.half_life)[chosen])
            bought.append(after[chosen])
        rows, targets = sparse.vstack(profiles, "csr"), sparse.vstack(bought, "csr")
        self.known_ = np.unique(rows.indices)
        rows = rows[:, self.known_]
        self.across_ = rows.T.tocsr()
        if self.primal_ and rows.shape[0] > rows.shape[1]:
            inverse = self._inverse(self.across_ @ rows)
            self.weights_: _Floats = _between(rows, inverse, targets)
            return self
        inverse = self._inverse(rows @ self.across_)
        if self.primal_:
            self.weights_ = self.across_ @ (targets.T @ inverse).T
        else:
            self.weights_, self.targets_ = inverse, targets
        return self

    def score(self, resellers: _Ints) -> _Floats:
        """Return the score of each product: asked resellers by products."""
        left = self.profiles_[resellers][:, self.known_]
        if self.primal_:
            scores: _Floats = left @ self.weights_
            return scores
        # The targets are sparse: a quarter of the time of multiplying them out.
        dense = (left @ self.across_).toarray() @ self.weights_
        scores = dense @ self.targets_
        return scores

    def _inverse(self, kernel: sparse.csr_matrix) -> _Floats:
        """Return the inverse of a kernel with the ridge on its diagonal."""
        cells = kernel.toarray()
        cells[np.diag_indices_from(cells)] += np.float32(self.ridge)
        if not len(cells):
            return cells
        factor, _ = linalg.lapack.spotrf(cells.T, lower=1, overwrite_a=1)
        inverse, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
        return _mirrored(inverse.T)

    def _window(
        self, history: History, start: int, chosen: _Ints
    ) -> tuple[History, sparse.csr_matrix]:
        """Return what was known of some resellers, and what they bought then."""
        sizes = history.n_resellers, history.n_products
        wanted = np.zeros(history.n_resellers, dtype=bool)
        wanted[chosen] = True
        rows = history.purchases.chosen(wanted[history.purchases.reseller])
        before = History(rows, *sizes, start)
        inside = rows.between(start, start + self.horizon)
        cells = np.ones(len(inside.day), dtype=np.float32)
        places = inside.reseller.astype(np.int64), inside.product.astype(np.int64)
        bought = sparse.csr_matrix((cells, places), shape=sizes)
        bought.data[:] = 1.0
        return before, bought


def _mirrored(cells: _Floats) -> _Floats:
    """Copy the cells above the diagonal to below it, where there are zeros."""
    for start in range(0, len(cells), _BLOCK_ROWS):
        end = start + _BLOCK_ROWS
        corner = cells[start:end, start:end]
        corner += np.triu(corner, 1).T
        cells[start:end, :start] = cells[:start, start:end].T
    return cells


def _between(
    rows: sparse.csr_matrix, inverse: _Floats, targets: sparse.csr_matrix
) -> _Floats:
    """Return inverse times rows' targets, in blocks of rows that bound the memory."""
    weights = np.zeros((targets.shape[1], len(inverse)), dtype=np.float32)
    for start in range(0, rows.shape[0], _BLOCK_ROWS):
        part = rows[start : start + _BLOCK_ROWS] @ inverse
        weights += targets[start : start + _BLOCK_ROWS].T @ part
    return np.ascontiguousarray(weights.T)
