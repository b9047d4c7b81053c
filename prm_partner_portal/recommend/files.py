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
import numpy.typing as npt
import pandas as pd

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
_CHUNK = 200_000
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


def _read_parquet(path: str) -> pd.DataFrame:
    import pyarrow.parquet as parquet

    try:
        with parquet.ParquetFile(path) as file:
            names = [name for name in file.schema_arrow.names if name in _KNOWN]
            batches = file.iter_batches(batch_size=_CHUNK, columns=names)
            # An id of a part with empty cells stays 7, not 7.0.
            return _joined(
                (batch.to_pandas(integer_object_nulls=True) for batch in batches),
                names,
            )
    except ValueError as error:  # pyarrow's own errors are ValueErrors
        raise FileFormatError(path, str(error)) from error


def _joined(chunks: Iterable[pd.DataFrame], names: Sequence[str] = ()) -> pd.DataFrame:
    """Join parts of a file; `names` are the columns where there is no part."""
    columns: dict[str, _Column] = {}
    for chunk in chunks:
        for name, values in chunk.items():
            columns.setdefault(str(name), _Column(name in _IDS)).add(values)
    if not columns:
        return pd.DataFrame(columns=list(names))
    joined = {name: columns.pop(name).joined() for name in list(columns)}
    return pd.DataFrame(joined, copy=False)


class _Column:
    """A column that comes in parts; each different text is kept once.

    Parameters
    ----------
    ids
        Whether values are turned into text.
    """

    def __init__(self, ids: bool) -> None:
        self.ids = ids
        self.texts = ids
        self.codes: dict[Any, int] = {}
        self.parts: list[Any] = []

    def add(self, values: pd.Series) -> None:
        """Take the next part."""
        if not self.texts and _is_text(values):
            numbers, self.parts, self.texts = self.parts, [], True
            for part in numbers:
                self.add(part)
        self.parts.append(self._numbered(values) if self.texts else values)

    def _numbered(self, values: pd.Series) -> npt.NDArray[np.int32]:
        places, found = pd.factorize(values)
        names = [str(value) for value in found] if self.ids else list(found)
        codes = [self.codes.setdefault(name, len(self.codes)) for name in names]
        return np.array([*codes, -1], dtype=np.int32)[places]

    def joined(self) -> pd.Series:
        """Return the whole column."""
        if not self.texts:
            return pd.concat(self.parts, ignore_index=True)
        texts = pd.Index(list(self.codes), dtype=object)
        return pd.Series(pd.Categorical.from_codes(np.concatenate(self.parts), texts))


def _is_text(values: pd.Series) -> bool:
    numbers = pd.api.types.is_numeric_dtype(values.dtype)
    return not numbers and not pd.api.types.is_datetime64_any_dtype(values.dtype)


def write_csv(frames: Iterable[pd.DataFrame], path: Path) -> int:
    """Write parts of a table so that the file is whole or absent; return the rows."""
    rows = 0
    with _whole(path) as file:
        for place, frame in enumerate(frames):
            frame.to_csv(file, index=False, header=not place, lineterminator="\n")
            rows += len(frame)
    return rows


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
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()
