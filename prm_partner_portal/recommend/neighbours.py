"""Similar resellers and products bought together, from recency-weighted profiles."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .history import History

__all__ = ["ProductNeighbours", "ResellerNeighbours", "profile_matrix"]

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float32]
_FORGET = 0.04
_BLOCK_CELLS = 8_000_000


def profile_matrix(history: History, half_life: float) -> sparse.csr_matrix:
    r"""Return resellers' profiles: rows of length one over recent purchases.

    A cell is :math:`\sqrt{c}` with *c* the decayed count of
    :meth:`History.decayed`; cells that faded to almost nothing are left out. It is
    made once and shared.
    """
    if half_life not in history.profiles:
        weights = history.decayed(half_life)
        profiles = history.matrix(np.sqrt(weights), weights > _FORGET)
        history.profiles[half_life] = _scaled_rows(profiles)
    return history.profiles[half_life]


class ResellerNeighbours:
    """Resellers with similar profiles (UserKNN by cosine).

    Parameters
    ----------
    n_neighbours
        Similar resellers kept for each.
    half_life
        Half-life of the profiles, in days.
    """

    def __init__(self, *, n_neighbours: int = 100, half_life: float = 90.0) -> None:
        self.n_neighbours = n_neighbours
        self.half_life = half_life

    def fit(self, history: History) -> ResellerNeighbours:
        """Build the profiles; similarities are found block by block later."""
        self.profiles_ = profile_matrix(history, self.half_life)
        self.transposed_ = self.profiles_.T.tocsr()
        return self

    def similar(self, resellers: _Ints) -> sparse.csr_matrix:
        """Return the similarity of each asked reseller to its neighbours.

        Returns
        -------
        csr_matrix
            Asked resellers by all resellers; at most `n_neighbours` a row,
            never the reseller itself.
        """
        found = self.profiles_[resellers] @ self.transposed_
        return _largest(found, resellers, self.n_neighbours)

    def score(self, similar: sparse.csr_matrix) -> _Floats:
        r"""Return how much the neighbours buy each product.

        .. math:: s_{rp} = \frac{\sum_n w_{rn} x_{np}}{\sum_n w_{rn} + 1}
        """
        total = np.asarray(similar.sum(axis=1)).ravel() + 1.0
        cells: _Floats = (similar @ self.profiles_).toarray()
        cells /= total[:, None].astype(np.float32)
        return cells


class ProductNeighbours:
    """Products bought by the same resellers (ItemKNN by cosine).

    Parameters
    ----------
    n_neighbours
        Products kept for each.
    half_life
        Half-life of the profiles, in days.
    """

    def __init__(self, *, n_neighbours: int = 100, half_life: float = 90.0) -> None:
        self.n_neighbours = n_neighbours
        self.half_life = half_life

    def fit(self, history: History) -> ProductNeighbours:
        """Find the neighbours of each product, block by block."""
        self.profiles_ = profile_matrix(history, self.half_life)
        columns = _scaled_rows(self.profiles_.T.tocsr())
        across = columns.T.tocsr()
        step = max(1, _BLOCK_CELLS // max(1, history.n_products))
        everything = np.arange(history.n_products)
        blocks = [
            _largest(columns[some] @ across, some, self.n_neighbours)
            for start in range(0, history.n_products, step)
            if len(some := everything[start : start + step])
        ]
        shape = (history.n_products, history.n_products)
        found = sparse.vstack(blocks, "csr") if blocks else sparse.csr_matrix(shape)
        self.targets_ = found
        """Row: a product; its cells: how much others speak for it."""
        self.sources_ = found.T.tocsr()
        """Row: a product; its cells: how much it speaks for others."""
        return self

    def score(self, resellers: _Ints) -> _Floats:
        r"""Return how much a reseller's products speak for each product.

        .. math:: s_{rp} = \sum_q x_{rq} \cos(q, p)
        """
        cells: _Floats = (self.profiles_[resellers] @ self.sources_).toarray()
        return cells


def _largest(found: sparse.csr_matrix, own: _Ints, count: int) -> sparse.csr_matrix:
    """Keep the largest positive cells of each row, and all that tie with them.

    `own` is each row's own column, which is left out.
    """
    rows = np.repeat(np.arange(len(own)), np.diff(found.indptr))
    kept = (found.data > 0.0) & (found.indices != own[rows])
    found.data[~kept] = 0.0
    for start, end in zip(found.indptr[:-1], found.indptr[1:], strict=True):
        if end - start > count:
            cells = found.data[start:end]
            kept[start:end] &= cells >= np.partition(cells, -count)[-count]
    bounds = np.concatenate(
        [[0], np.cumsum(np.bincount(rows[kept], minlength=len(own)))]
    )
    parts = found.data[kept], found.indices[kept], bounds
    largest = sparse.csr_matrix(parts, shape=found.shape)
    largest.sort_indices()
    return largest


def _scaled_rows(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_matrix(sparse.diags(scale.astype(np.float32)) @ matrix)
