"""Checks at the door: one pass over each column, errors that name the cell."""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .errors import (
    ConfigError,
    InvalidValueError,
    MissingColumnError,
    MixedIdError,
)

__all__ = [
    "check_columns",
    "check_days",
    "check_ids",
    "check_numbers",
    "id_kinds",
    "to_day",
]

_DATES = "a date such as 2024-01-31"
_EPOCH = np.datetime64("1970-01-01", "D")
_NO_DAY = np.int32(np.iinfo(np.int32).min)


def check_columns(frame: pd.DataFrame, table: str, needed: Iterable[str]) -> None:
    """Raise unless `frame` is a table that has every needed column."""
    if not isinstance(frame, pd.DataFrame):
        raise ConfigError(table, type(frame).__name__, "a pandas DataFrame")
    found = [str(name) for name in frame.columns]
    for name in needed:
        if name not in frame.columns:
            raise MissingColumnError(table, name, found)
    repeated = frame.columns[frame.columns.duplicated()]
    for name in repeated:
        if name in needed:
            raise MissingColumnError(table, f"{name} (only once)", found)


def check_ids(column: pd.Series, table: str) -> tuple[npt.NDArray[np.int32], Any]:
    """Number the ids of a column.

    Returns
    -------
    codes, ids
        The number of each row's id and the ids by number, as objects.
    """
    codes, uniques = pd.factorize(column)
    if (codes < 0).any():
        row = int(np.flatnonzero(codes < 0)[0])
        raise InvalidValueError(
            table, str(column.name), row + 1, None, "an id, never empty"
        )
    ids = np.empty(len(uniques), dtype=object)
    ids[:] = pd.Index(uniques).astype(object).to_list()
    kinds = id_kinds(ids)
    if len(kinds) > 1:
        raise MixedIdError(table, str(column.name), kinds)
    return codes.astype(np.int32), ids


def id_kinds(ids: Iterable[object]) -> list[str]:
    """Name the kinds of ids found; whole and other numbers are one kind."""
    types = {type(value) for value in ids}
    return sorted({_kind(kind) for kind in types})


def _kind(kind: type) -> str:
    if issubclass(kind, (numbers.Number, np.number)):
        return "number"
    return "text" if issubclass(kind, str) else kind.__name__


def check_numbers(
    column: pd.Series, table: str, *, empty: float | None = None
) -> npt.NDArray[np.float64]:
    """Return a column as finite numbers; `empty` stands for empty cells."""
    try:
        values = pd.to_numeric(column, errors="coerce")
    except TypeError:
        values = pd.to_numeric(column.astype(str), errors="coerce")
    array = values.to_numpy(dtype=np.float64, na_value=np.nan)
    blank = column.isna().to_numpy() if empty is not None else None
    bad = ~np.isfinite(array)
    if blank is not None:
        bad &= ~blank
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        found = column.iloc[row]
        raise InvalidValueError(
            table, str(column.name), row + 1, found, "a finite number"
        )
    if empty is not None:
        array = np.where(np.isfinite(array), array, empty)
    return array


def check_days(column: pd.Series, table: str) -> npt.NDArray[np.int32]:
    """Return a column of dates as days since 1970-01-01; times are cut off."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        stamps = _parse(pd.Series(column.cat.categories), table, str(column.name))
        days = np.append(_whole_days(stamps), _NO_DAY)[column.cat.codes.to_numpy()]
    else:
        days = _whole_days(_parse(column, table, str(column.name)))
    bad = days == _NO_DAY
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise InvalidValueError(
            table, str(column.name), row + 1, column.iloc[row], _DATES
        )
    return days


def _whole_days(stamps: pd.Series) -> npt.NDArray[np.int32]:
    whole = (stamps.to_numpy().astype("datetime64[D]") - _EPOCH).astype(np.int64)
    return np.where(stamps.isna(), _NO_DAY, whole).astype(np.int32)


def _parse(column: pd.Series, table: str, name: str) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column.dtype) and len(column):
        raise InvalidValueError(table, name, 1, column.iloc[0], _DATES)
    if not pd.api.types.is_datetime64_any_dtype(column.dtype):
        if not len(column):
            return pd.Series(np.array([], dtype="datetime64[s]"))
        column = _parse_text(column)
    if getattr(column.dtype, "tz", None) is not None:
        column = column.dt.tz_localize(None)
    return column


def _parse_text(column: pd.Series) -> pd.Series:
    """Parse each different value once; numbers among them are no dates."""
    codes, uniques = pd.factorize(column)
    kept = [None if isinstance(v, numbers.Number) else str(v) for v in uniques]
    parsed = pd.to_datetime(
        pd.Series(kept, dtype=object), format="ISO8601", errors="coerce", utc=True
    ).dt.tz_localize(None)
    stamps = parsed.to_numpy().astype("datetime64[s]")
    if not len(stamps):
        return pd.Series(np.full(len(codes), "NaT", dtype="datetime64[s]"))
    return pd.Series(np.where(codes >= 0, stamps[codes], np.datetime64("NaT")))


def to_day(value: object, parameter: str = "as_of") -> int:
    """Return a date, time stamp or ISO text as days since 1970-01-01."""
    bad = isinstance(value, (numbers.Number, bool))
    stamp = pd.NaT if bad else pd.to_datetime(value, errors="coerce")  # type: ignore
    if not isinstance(stamp, pd.Timestamp):
        raise ConfigError(parameter, value, _DATES)
    return int(np.datetime64(stamp.date(), "D").astype(np.int64))
