"""Tables from files, and results into files that are whole or absent."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from .checks import check_columns
from .columns import Columns
from .errors import EmptyFileError, FileFormatError

__all__ = ["read_table", "sha256_of", "write_csv", "write_json"]

_IDS = {
    Columns.RESELLER,
    Columns.PRODUCT,
    Columns.ORDER,
    Columns.SEGMENT,
    Columns.ARTICLE,
}
_KNOWN = {
    *_IDS,
    Columns.DATE,
    Columns.QUANTITY,
    Columns.TIER,
    Columns.COUNTRY,
    Columns.TERRITORY,
    Columns.PACK,
    Columns.SALES_PACK,
    Columns.MIN_QUANTITY,
    Columns.AVAILABLE,
    Columns.PRICE,
    Columns.MARGIN,
}
_CHUNK = 500_000
_NUMBERS = {
    Columns.QUANTITY,
    Columns.PACK,
    Columns.SALES_PACK,
    Columns.MIN_QUANTITY,
    Columns.PRICE,
    Columns.MARGIN,
}


def read_table(path: str, table: str, needed: Sequence[str]) -> pd.DataFrame:
    """Read the known columns of a CSV or Parquet file.

    Ids are text, so that ``007`` stays what it is. Row 1 is the line below the
    header.

    Parameters
    ----------
    path
        File; ``.parquet`` is read as Parquet, anything else as CSV in UTF-8.
    table
        Name for errors.
    needed
        Columns that must be there.
    """
    try:
        if os.path.getsize(path) == 0:
            raise EmptyFileError(path)
        if path.lower().endswith((".parquet", ".pq")):
            frame = _read_parquet(path)
        else:
            frame = _read_csv(path)
    except (OSError, ImportError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise FileFormatError(path, str(error)) from error
    check_columns(frame, table, needed)
    return frame


def _read_csv(path: str) -> pd.DataFrame:
    with open(path, encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), [])
    if not any(name.strip() for name in header):
        raise EmptyFileError(path)
    used = [name for name in header if name in _KNOWN]
    if not used:
        return pd.DataFrame(columns=header)
    options: dict[str, Any] = {
        "usecols": used,
        "encoding": "utf-8-sig",
        "keep_default_na": False,
        "na_values": [""],
        "skip_blank_lines": False,
        "chunksize": _CHUNK,
    }
    kinds = {name: float if name in _NUMBERS else str for name in used}
    try:
        return _joined(pd.read_csv(path, dtype=kinds, **options))
    except ValueError as error:
        if isinstance(error, (UnicodeDecodeError, pd.errors.ParserError)):
            raise
        return _joined(pd.read_csv(path, dtype=str, **options))


def _joined(chunks: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Join parts of a file; texts become categories at once to save memory."""
    parts: dict[str, list[Any]] = {}
    for chunk in chunks:
        for name, column in chunk.items():
            text = not pd.api.types.is_numeric_dtype(column.dtype)
            part = pd.Categorical(column) if text else column.to_numpy()
            parts.setdefault(str(name), []).append(part)
    return pd.DataFrame(
        {
            name: union_categoricals(values)
            if isinstance(values[0], pd.Categorical)
            else np.concatenate(values)
            for name, values in parts.items()
        }
    )


def _read_parquet(path: str) -> pd.DataFrame:
    import pyarrow.parquet as parquet

    try:
        names = [n for n in parquet.read_schema(path).names if n in _KNOWN]
        frame: pd.DataFrame = parquet.read_table(path, columns=names).to_pandas()
    except ValueError as error:  # pyarrow's own errors are ValueErrors
        raise FileFormatError(path, str(error)) from error
    for name in _IDS & set(names):
        codes, values = pd.factorize(frame[name])
        texts = pd.Index([str(value) for value in values], dtype=object)
        frame[name] = pd.Categorical.from_codes(codes, categories=texts)
    return frame


def write_csv(frames: Iterable[pd.DataFrame], path: Path) -> None:
    """Write parts of a table so that the file is whole or absent."""
    with _whole(path) as file:
        for place, frame in enumerate(frames):
            frame.to_csv(file, index=False, header=not place, lineterminator="\n")


def write_json(values: Mapping[str, Any], path: Path) -> None:
    """Write one line of JSON so that the file is whole or absent."""
    with _whole(path) as file:
        file.write(json.dumps(values, ensure_ascii=False) + "\n")


@contextmanager
def _whole(path: Path) -> Iterator[TextIO]:
    """Open a file that gets its name when all is written, and goes if that fails."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()
