"""Set-based writing: a frame into a temporary table, from there into Odoo's.

An Odoo row has dozens of stored columns, and addons add more. Instead of
listing them, the loader lets the ORM make one record (see ``exemplar``) and
writes its row again and again with the columns that differ: ``clone``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
from psycopg2.extras import Json
from pyarrow import csv

from odoo.tools import SQL

TYPES = {
    "i": "bigint",
    "u": "bigint",
    "f": "double precision",
    "b": "boolean",
    "M": "timestamp",
}


def copy_frame(cr: Any, table: str, frame: pd.DataFrame) -> None:
    """COPY a frame into a new temporary table of the same columns."""
    columns = [
        SQL("%s %s", SQL.identifier(name), SQL(TYPES.get(kind.kind, "text")))
        for name, kind in frame.dtypes.items()
    ]
    cr.execute(SQL("DROP TABLE IF EXISTS %s", SQL.identifier(table)))
    cr.execute(
        SQL("CREATE TEMP TABLE %s (%s)", SQL.identifier(table), SQL(", ").join(columns))
    )
    rows = io.BytesIO()
    csv.write_csv(
        pa.Table.from_pandas(frame, preserve_index=False),
        rows,
        csv.WriteOptions(include_header=False),
    )
    rows.seek(0)
    names = SQL(", ").join(SQL.identifier(name) for name in frame.columns)
    command = SQL("COPY %s (%s) FROM STDIN (FORMAT csv)", SQL.identifier(table), names)
    cr.copy_expert(command.code, rows)
    cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def next_id(cr: Any, table: str) -> int:
    """Say from which id on the loader may number new rows."""
    cr.execute(SQL("SELECT COALESCE(MAX(id), 0) + 1 FROM %s", SQL.identifier(table)))
    return cr.fetchone()[0]


def fit_sequence(cr: Any, tables: Iterable[str]) -> None:
    """Let the tables' own id sequences go on after the rows just written."""
    for table in tables:
        cr.execute(
            SQL(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), "
                "(SELECT COALESCE(MAX(id), 1) FROM %s))",
                table,
                SQL.identifier(table),
            )
        )


def analyze(cr: Any, tables: Iterable[str]) -> None:
    """Gather statistics: without them the ORM's next queries read whole tables."""
    for table in tables:
        cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))


def clone(
    cr: Any, table: str, row: dict[str, Any], values: dict[str, str], source: str
) -> int:
    """INSERT one row per row of ``source``: ``row`` with ``values`` instead.

    :param row: the exemplar's columns; its id is never written.
    :param values: column -> SQL expression over ``source``; constant text of
        this package, never anything that was read from a file.
    :return: how many rows were written.
    """
    constants = {
        name: value
        for name, value in row.items()
        if name != "id" and name not in values and value is not None
    }
    names = [*constants, *values]
    terms = [_literal(value) for value in constants.values()]
    terms += [SQL(expression) for expression in values.values()]  # pylint: disable=sql-injection
    cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(terms),
            SQL(source),
        )
    )
    return cr.rowcount


def _literal(value: Any) -> SQL:
    if isinstance(value, dict | list):
        return SQL("%s::jsonb", Json(value))
    if isinstance(value, str):
        return SQL("%s::text", value)
    return SQL("%s", value)


def link(cr: Any, table: str, columns: tuple[str, str], select: str) -> None:
    """INSERT the rows of a SELECT into a relation table."""
    left, right = columns
    cr.execute(
        SQL(
            "INSERT INTO %s (%s, %s) %s",
            SQL.identifier(table),
            SQL.identifier(left),
            SQL.identifier(right),
            SQL(select),
        )
    )


def read_row(cr: Any, table: str, record_id: int) -> dict[str, Any]:
    """Fetch one row as column -> value."""
    cr.execute(SQL("SELECT * FROM %s WHERE id = %s", SQL.identifier(table), record_id))
    return dict(cr.dictfetchone())
