"""Finished orders, set-based: from frames with database ids to Odoo's tables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pandas as pd

from history import bulk, payments, sql, stage, writers
from history.exemplar import Exemplar

TABLES = [
    "sale_order",
    "sale_order_line",
    "stock_picking",
    "stock_reference",
    "stock_move",
    "stock_move_line",
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "account_full_reconcile",
]


def load_past(
    env: Any,
    orders: pd.DataFrame,
    lines: pd.DataFrame,
    exemplars: dict[int, Exemplar],
    say: Callable[[str], None] = lambda text: None,
    checked_at_end: bool = True,
) -> None:
    """Write orders that are confirmed, delivered, invoiced and mostly paid.

    :param checked_at_end: take foreign keys and indexes of the big tables away
        meanwhile; pointless for a few rows.
    """
    env.flush_all()
    say("numbers and amounts")
    stage.prepare(env, orders, lines, exemplars)
    env.flush_all()
    around = bulk.without_checks(env.cr) if checked_at_end else nullcontext()
    with around:
        for exemplar in exemplars.values():
            say(f"orders of company {exemplar.company_id}")
            writers.write_sales(env.cr, exemplar)
            say(f"deliveries of company {exemplar.company_id}")
            writers.write_deliveries(env.cr, exemplar)
            say(f"invoices of company {exemplar.company_id}")
            writers.write_invoices(env.cr, exemplar)
        writers.write_links(env.cr)
        say("payments")
        payments.write_payments(env, exemplars)
        say("indexes and foreign keys")
    sql.fit_sequence(env.cr, TABLES)
    _count_customers(env.cr)
    sql.analyze(env.cr, TABLES)
    env.invalidate_all(flush=False)


def _count_customers(cr: Any) -> None:
    """A customer's rank grows with each invoice."""
    cr.execute(
        """
        UPDATE res_partner p SET customer_rank = COALESCE(customer_rank, 0) + n.invoices
          FROM (SELECT partner_id, count(*) AS invoices FROM h_order GROUP BY 1) n
         WHERE p.id = n.partner_id
        """
    )
