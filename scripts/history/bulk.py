"""Foreign keys and indexes of the big tables, away for the time of a load.

A foreign key costs a look-up for each row and column; checked at the end, for
all rows at once, it costs a join. Definitions are taken from the catalogue and
made again from there, so whatever addons added comes back as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from odoo.tools import SQL

BIG_TABLES = [
    "sale_order",
    "sale_order_line",
    "account_tax_sale_order_line_rel",
    "sale_order_line_invoice_rel",
    "stock_picking",
    "stock_move",
    "stock_move_line",
    "stock_reference_move_rel",
    "account_move",
    "account_move_line",
    "account_move_line_account_tax_rel",
]


def _foreign_keys(cr: Any) -> list[tuple[str, str, str]]:
    cr.execute(
        """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint
         WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
        """,
        [BIG_TABLES],
    )
    return cr.fetchall()


def _indexes(cr: Any) -> list[tuple[str, str, str | None]]:
    cr.execute(
        """
        SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),
               obj_description(i.indexrelid, 'pg_class')
          FROM pg_index i
          LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
         WHERE i.indrelid::regclass::text = ANY(%s) AND c.oid IS NULL
        """,
        [BIG_TABLES],
    )
    return cr.fetchall()


@contextmanager
def without_checks(cr: Any) -> Iterator[None]:
    """Drop foreign keys and secondary indexes, and make them again afterwards.

    All in the caller's transaction: an interrupted load leaves the old ones.
    """
    keys, indexes = _foreign_keys(cr), _indexes(cr)
    for table, name, _definition in keys:
        cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )
    for name, _definition, _comment in indexes:
        cr.execute(SQL("DROP INDEX %s", SQL(name)))
    yield
    for name, definition, comment in indexes:
        cr.execute(SQL("%s", SQL(definition.replace("%", "%%"))))
        if comment:  # by which Odoo knows the index again
            cr.execute(SQL("COMMENT ON INDEX %s IS %s", SQL(name), comment))
    for table, name, definition in keys:
        cr.execute(
            SQL(
                "ALTER TABLE %s ADD CONSTRAINT %s %s",
                SQL.identifier(table),
                SQL.identifier(name),
                SQL(definition),
            )
        )
