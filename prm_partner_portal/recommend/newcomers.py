"""Products without sales, known by their attributes: they borrow from what is alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from .catalogue import match_ids
from .columns import Columns

__all__ = ["Newcomers"]

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float32]
_MOST_ALIKE = 50
_NAMES_POWER = 3
_SAME_CATEGORY = 0.1
_ANY = 1e-4
_PRICE_SPREAD = 0.5
_BLOCK = 200


@dataclass(frozen=True)
class Newcomers:
    r"""Products that nobody bought yet, and the sold ones that each is like.

    A newcomer *p* borrows every score and trait as a mean over sold products *q* with
    weights, scaled to the sum 1, of

    .. math:: (\cos^3(p, q) + 0.1\,[c_p = c_q] + 0.0001)\,e^{-2 |\ln(v_p / v_q)|}

    with the cosine of the words of their names (TF-IDF), the categories *c* and the
    prices *v*; what is not known leaves its part out. Content-based neighbours, as
    in Lops, de Gemmis and Semeraro (2011), that lend collaborative scores.

    Attributes
    ----------
    codes
        Codes of the newcomers.
    weights
        Newcomers by all products.
    """

    codes: _Ints
    weights: sparse.csr_matrix

    @classmethod
    def from_frame(
        cls,
        products: pd.DataFrame | None,
        ids: npt.NDArray[np.object_],
        n_sold: int,
    ) -> Newcomers:
        """Find what each newcomer is like.

        Parameters
        ----------
        products
            The table, with `category`, `price` and `name` where known.
        ids
            Product ids by code.
        n_sold
            Codes below it were sold, those from it on are newcomers.
        """
        new = np.arange(n_sold, len(ids))
        if products is None or not len(new):
            return cls.none(len(ids))
        codes, _ = match_ids(products[Columns.PRODUCT], "products", ids)
        place = np.full(len(ids), -1, dtype=np.int64)
        place[codes[codes >= 0]] = np.flatnonzero(codes >= 0)
        sold = np.flatnonzero(place[:n_sold] >= 0)
        alike = _Alike(products, place[sold])
        starts = range(0, len(new), _BLOCK)
        parts = [alike.weights(place[new[at : at + _BLOCK]]) for at in starts]
        found = sparse.vstack(parts).tocoo()
        cells = (found.data, (found.row, sold[found.col]))
        return cls(new, sparse.csr_matrix(cells, shape=(len(new), len(ids))))

    @classmethod
    def none(cls, n_products: int) -> Newcomers:
        """Return no newcomers."""
        weights = sparse.csr_matrix((0, n_products), dtype=np.float32)
        return cls(np.empty(0, dtype=np.int64), weights)

    def borrow(self, cells: npt.NDArray) -> npt.NDArray:
        """Fill the newcomers' columns of a matrix by products; changes and returns."""
        if len(self.codes):
            cells[..., self.codes] = (self.weights @ cells.T).T
        return cells


class _Alike:
    """Attributes of the sold products, to hold newcomers against."""

    def __init__(self, products: pd.DataFrame, sold: _Ints) -> None:
        self.sold = sold
        none = pd.Series(np.nan, index=products.index)
        category = products.get(Columns.CATEGORY, none)
        self.category = pd.factorize(category)[0]
        price = pd.to_numeric(products.get(Columns.PRICE, none), errors="coerce")
        positive = price.to_numpy(dtype=float)
        positive = np.where(positive > 0, positive, np.nan)
        self.price = np.log(positive)
        self.words = _words(products.get(Columns.NAME))

    def weights(self, rows: _Ints) -> sparse.csr_matrix:
        """Return the weights of some rows of the table: rows by sold products."""
        near = (self.category[rows][:, None] == self.category[self.sold]) & (
            self.category[rows][:, None] >= 0
        )
        cells = _SAME_CATEGORY * near + _ANY
        if self.words is not None:
            cosine = (self.words[rows] @ self.words[self.sold].T).toarray()
            cells += cosine**_NAMES_POWER
        apart = np.abs(self.price[rows][:, None] - self.price[self.sold])
        cells *= np.exp(-np.nan_to_num(apart, nan=_PRICE_SPREAD) / _PRICE_SPREAD)
        if cells.shape[1] > _MOST_ALIKE:
            place = cells.shape[1] - _MOST_ALIKE
            edge = np.partition(cells, place, axis=1)[:, [place]]
            cells[cells < edge] = 0.0
        total = cells.sum(axis=1, keepdims=True)
        cells /= np.where(total > 0, total, 1.0)
        return sparse.csr_matrix(cells.astype(np.float32))


def _words(names: pd.Series | None) -> sparse.csr_matrix | None:
    """Return the words of names, weighted by how rare they are."""
    if names is None:
        return None
    # Imported here: it takes a second, which a run without newcomers need not wait for.
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = names.fillna("").astype(str).tolist()
    try:
        return TfidfVectorizer().fit_transform(texts).astype(np.float32)
    except ValueError:
        return None  # no name has a word
