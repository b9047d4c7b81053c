"""What is known of the products beside their sales."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .checks import check_columns, check_ids, check_numbers, id_kinds
from .columns import Columns
from .errors import InvalidValueError, MixedIdError

__all__ = ["Catalogue", "lookup_ids", "match_ids", "new_ids", "text_keys"]

_FALSE = {"0", "0.0", "false", "f", "no", "n"}
_MOST_NEW = 1000
_TRUE = {"1", "1.0", "true", "t", "yes", "y", ""}


@dataclass(frozen=True)
class Catalogue:
    """Attributes by product code.

    Attributes
    ----------
    listed
        Whether the product may be recommended.
    pack, min_quantity
        Multiple and least quantity in which it is sold; 0 where free.
    price, margin
        What a unit sells for and what of it is earned; not a number where unknown.
    article
        Number of the article that the product is a variant of; -1 where unknown.
    """

    listed: npt.NDArray[np.bool_]
    pack: npt.NDArray[np.float64]
    min_quantity: npt.NDArray[np.float64]
    price: npt.NDArray[np.float64]
    margin: npt.NDArray[np.float64]
    article: npt.NDArray[np.int64]

    @classmethod
    def from_frame(
        cls, products: pd.DataFrame | None, ids: npt.NDArray[np.object_]
    ) -> Catalogue:
        """Read the products table for the products that have a code.

        Parameters
        ----------
        products
            The table, or None: then every product may be recommended.
        ids
            Product ids by code.
        """
        size = len(ids)
        if products is None:
            none, unknown = np.zeros(size), np.full(size, np.nan)
            alone = np.full(size, -1, dtype=np.int64)
            return cls(np.ones(size, dtype=bool), none, none, unknown, unknown, alone)
        check_columns(products, "products", [Columns.PRODUCT])
        rows, _ = match_ids(products[Columns.PRODUCT], "products", ids)
        known = rows >= 0
        listed = np.zeros(size, dtype=bool)
        listed[rows[known]] = _available(products)[known]
        pack = Columns.PACK if Columns.PACK in products else Columns.SALES_PACK
        return cls(
            listed,
            _numbers(products, pack, rows, size),
            _numbers(products, Columns.MIN_QUANTITY, rows, size),
            _amounts(products, Columns.PRICE, rows, size),
            _amounts(products, Columns.MARGIN, rows, size),
            _articles(products, rows, size),
        )


def new_ids(
    products: pd.DataFrame | None, sold: npt.NDArray[np.object_]
) -> npt.NDArray[np.object_]:
    """Return the products of the table that may be listed but were never bought.

    Only those of which a category, price or name is known, in the order of their text,
    and at most a thousand: more are no novelties, and each takes memory.
    """
    none = np.empty(0, dtype=object)
    if products is None or not len(sold):
        return none
    check_columns(products, "products", [Columns.PRODUCT])
    rows, ids = match_ids(products[Columns.PRODUCT], "products", sold)
    described = np.zeros(len(products), dtype=bool)
    for name in (Columns.CATEGORY, Columns.PRICE, Columns.NAME):
        if name in products:
            described |= products[name].notna().to_numpy()
    new = ids[(rows < 0) & described & _available(products)]
    return new[np.lexsort(text_keys(new))][:_MOST_NEW]


def match_ids(
    column: pd.Series, table: str, ids: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """Find the code of each row's id; each id may stand once.

    Returns
    -------
    codes, values
        Code by row, -1 where the id is not among `ids`, and the row's id.
    """
    rows, uniques = check_ids(column, table)
    twice = np.flatnonzero(pd.Series(rows).duplicated().to_numpy())
    if len(twice):
        row = int(twice[0])
        raise InvalidValueError(
            table, str(column.name), row + 1, uniques[rows[row]], "each id once"
        )
    return lookup_ids(uniques, table, str(column.name), ids)[rows], uniques[rows]


def lookup_ids(
    wanted: npt.NDArray[np.object_],
    table: str,
    column: str,
    ids: npt.NDArray[np.object_],
) -> npt.NDArray[np.int64]:
    """Return the code of each wanted id, -1 where it is unknown."""
    kinds = sorted({*id_kinds(wanted), *id_kinds(ids)})
    if len(wanted) and len(ids) and len(kinds) > 1:
        raise MixedIdError(table, column, kinds)
    codes = {value: code for code, value in enumerate(ids)}
    return np.array([codes.get(value, -1) for value in wanted], dtype=np.int64)


def text_keys(values: npt.NDArray[np.object_]) -> tuple[npt.NDArray, npt.NDArray]:
    """Return what ids without purchases are sorted by: they have no history."""
    texts = np.array([str(value) for value in values], dtype=str)
    return texts, np.char.str_len(texts)


def _available(products: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if Columns.AVAILABLE not in products:
        return np.ones(len(products), dtype=bool)
    column = products[Columns.AVAILABLE]
    texts = column.astype(object).where(column.notna(), "").astype(str)
    texts = texts.str.strip().str.lower()
    bad = ~texts.isin(_FALSE | _TRUE) & pd.to_numeric(texts, errors="coerce").isna()
    if bad.any():
        row = int(np.flatnonzero(bad.to_numpy())[0])
        raise InvalidValueError(
            "products", Columns.AVAILABLE, row + 1, column.iloc[row], "true or false"
        )
    return (~texts.isin(_FALSE)).to_numpy(dtype=bool)


def _numbers(
    products: pd.DataFrame, name: str, rows: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.float64]:
    values = np.zeros(size)
    if name not in products:
        return values
    read = check_numbers(products[name], "products", empty=0.0)
    bad = np.flatnonzero(read < 0)
    if len(bad):
        row = int(bad[0])
        raise InvalidValueError(
            "products", name, row + 1, products[name].iloc[row], "0 or more"
        )
    values[rows[rows >= 0]] = read[rows >= 0]
    return values


def _amounts(
    products: pd.DataFrame, name: str, rows: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.float64]:
    values = np.full(size, np.nan)
    if name in products:
        read = check_numbers(products[name], "products", empty=np.nan)
        values[rows[rows >= 0]] = read[rows >= 0]
    return values


def _articles(
    products: pd.DataFrame, rows: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.int64]:
    articles = np.full(size, -1, dtype=np.int64)
    if Columns.ARTICLE in products:
        codes = pd.factorize(products[Columns.ARTICLE])[0]
        articles[rows[rows >= 0]] = codes[rows >= 0]
    return articles
