"""Reads what was written, with ids replaced by what they stand for."""

from __future__ import annotations

import re
from typing import Any

from odoo.tools import SQL

# Table -> the name of one of its rows, as SQL over the table's alias r.
KEYS = {
    "sale_order": "r.name",
    "sale_order_line": "(SELECT name FROM sale_order WHERE id = r.order_id)"
    " || '/' || r.sequence",
    "stock_picking": "r.name",
    "stock_reference": "r.name",
    "stock_move": "r.reference || '/' || (SELECT sequence FROM sale_order_line"
    " WHERE id = r.sale_line_id)",
    "stock_move_line": "(SELECT m.reference || '/' || s.sequence FROM stock_move m"
    " JOIN sale_order_line s ON s.id = m.sale_line_id WHERE m.id = r.move_id)",
    "account_move": "r.name",
    "account_move_line": "r.move_name || '/' || r.display_type || '/' || r.account_id"
    " || '/' || COALESCE(r.tax_line_id, 0) || '/' || r.sequence",
    "account_payment": "r.name",
    "account_partial_reconcile": "(SELECT move_name FROM account_move_line"
    " WHERE id = r.debit_move_id)",
    "account_full_reconcile": "(SELECT string_agg(move_name, ' ' ORDER BY move_name)"
    " FROM account_move_line WHERE full_reconcile_id = r.id)",
}
LINKS = {
    "account_tax_sale_order_line_rel": "sale_order_line_id",
    "account_move_line_account_tax_rel": "account_move_line_id",
    "sale_order_line_invoice_rel": "invoice_line_id",
    "stock_reference_sale_rel": "sale_id",
    "stock_reference_move_rel": "move_id",
    "account_move__account_payment": "invoice_id",
}


def references(cr: Any, table: str) -> dict[str, str]:
    """Columns of a table that point to a table the loader writes."""
    cr.execute(
        """
        SELECT a.attname, c.confrelid::regclass::text
          FROM pg_constraint c
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
         WHERE c.contype = 'f' AND c.conrelid::regclass::text = %s
        """,
        [table],
    )
    return {column: target for column, target in cr.fetchall() if target in KEYS}


def names(cr: Any) -> dict[str, dict[int, str]]:
    """Table -> id -> name, for everything in the database."""
    result = {}
    for table, key in KEYS.items():
        cr.execute(SQL("SELECT r.id, %s FROM %s r", SQL(key), SQL.identifier(table)))
        result[table] = dict(cr.fetchall())
    return result


def snapshot(cr: Any, last: dict[str, int]) -> dict[str, dict[str, dict[str, Any]]]:
    """Table -> name -> column -> value, for rows made after the ids in ``last``."""
    known, result = names(cr), {}
    for table in KEYS:
        pointing = references(cr, table)
        query = SQL(
            "SELECT * FROM %s WHERE id > %s", SQL.identifier(table), last[table]
        )
        cr.execute(query)
        rows = {}
        for row in cr.dictfetchall():
            for column, target in pointing.items():
                row[column] = row[column] and known[target][row[column]]
            if row.get("matching_number"):  # the id of the full reconciliation, as text
                full = known["account_full_reconcile"]
                row["matching_number"] = full[int(row["matching_number"])]
            key = known[table][row.pop("id")]
            assert key not in rows, f"{table}: two rows are called {key}"
            rows[key] = row
        result[table] = rows
    for table, column in LINKS.items():
        result[table] = _links(cr, table, references(cr, table), known, last, column)
    return result


def _links(
    cr: Any,
    table: str,
    pointing: dict[str, str],
    known: dict[str, dict[int, str]],
    last: dict[str, int],
    column: str,
) -> dict[str, dict[str, Any]]:
    newer = SQL("%s > %s", SQL.identifier(column), last[pointing[column]])
    cr.execute(SQL("SELECT * FROM %s WHERE %s", SQL.identifier(table), newer))
    rows = {}
    for row in cr.dictfetchall():
        named = {
            name: known[pointing[name]][value] if name in pointing else value
            for name, value in row.items()
        }
        rows[" + ".join(map(str, named.values()))] = named
    return rows


def checks(cr: Any) -> list[tuple[str, str, str | None]]:
    """Every constraint and index there is: name, definition, comment.

    PostgreSQL words a condition anew each time it is read back: casts and
    brackets are left out.
    """
    cr.execute(
        """
        SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid),
               obj_description(oid, 'pg_constraint')
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace
         UNION ALL
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid),
               obj_description(indexrelid, 'pg_class')
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
         WHERE c.relnamespace = 'public'::regnamespace
         ORDER BY 1
        """
    )
    casts = re.compile(r"::(?:character varying|text)(?:\[\])?|[()]")
    return [
        (name, casts.sub("", text), comment) for name, text, comment in cr.fetchall()
    ]
