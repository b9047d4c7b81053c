"""The inverse that ridge regressions need."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

__all__ = ["ridge_inverse"]

_Floats = npt.NDArray[np.float32]
_BLOCK_ROWS = 2000


def ridge_inverse(kernel: sparse.csr_matrix, ridge: float) -> _Floats:
    """Return the inverse of a kernel with the ridge on its diagonal."""
    cells = kernel.toarray().astype(np.float32, copy=False)
    cells[np.diag_indices_from(cells)] += np.float32(ridge)
    if not len(cells):
        return cells
    factor, _ = linalg.lapack.spotrf(cells.T, lower=1, overwrite_a=1)
    inverse, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    return _mirrored(inverse.T)


def _mirrored(cells: _Floats) -> _Floats:
    """Copy the cells above the diagonal to below it, where there are zeros."""
    for start in range(0, len(cells), _BLOCK_ROWS):
        end = start + _BLOCK_ROWS
        corner = cells[start:end, start:end]
        corner += np.triu(corner, 1).T
        cells[start:end, :start] = cells[:start, start:end].T
    return cells
