"""Paid invoices: a payment, its journal entry, and the two reconciled."""

from __future__ import annotations

from typing import Any

import pandas as pd

from history import sql, stage
from history.exemplar import Exemplar
from history.sql import clone, link
from history.writers import _stamped

_ENTRY_ITEM = {
    "move_id": "y.entry_id", "move_name": "y.entry_name", "ref": "y.invoice_name",
    "name": "'Manual Payment: ' || y.invoice_name", "partner_id": "y.partner_id",
    "currency_id": "y.currency_id", "payment_id": "y.payment_id",
    "date": "y.paid::date",
    "date_maturity": "y.paid::date",
}  # fmt: skip


def write_payments(env: Any, exemplars: dict[int, Exemplar]) -> int:
    """Pay every invoice in ``h_order`` that has a day of payment.

    Only in the company's own currency: an exchange difference is Odoo's affair.
    """
    cr = env.cr
    cr.execute("SELECT * FROM h_order WHERE paid IS NOT NULL AND NOT foreign_currency")
    paid = pd.DataFrame(cr.dictfetchall())
    if paid.empty:
        return 0
    paid["paid"] = pd.to_datetime(paid["paid"])
    paid["fiscal_position_id"] = paid["fiscal_position_id"].astype("Int64")
    paid = stage.plan_payments(env, paid, exemplars)
    names = ["sale_id", "invoice_id", "invoice_name", "receivable_id", "total",
    "company_id",
             "partner_id", "currency_id", "paid", "invoice_partner_name",
             "fiscal_position_id", "payment_id",
             "entry_id", "partial_id", "full_id", "liquidity_id", "counterpart_id",
             "entry_prefix", "entry_number", "entry_name"]  # fmt: skip
    sql.copy_frame(cr, "h_paid", paid[names])
    for exemplar in exemplars.values():
        _write_entries(cr, exemplar)
        _write_matches(cr, exemplar)
    _settle(cr)
    return len(paid)


def _source(exemplar: Exemplar) -> str:
    return f"h_paid y WHERE y.company_id = {int(exemplar.company_id)}"


def _write_entries(cr: Any, exemplar: Exemplar) -> None:
    rows, source = exemplar.rows, _source(exemplar)
    entry = {
        "id": "y.entry_id", "name": "y.entry_name", "sequence_prefix": "y.entry_prefix",
        "sequence_number": "y.entry_number", "ref": "y.invoice_name",
        "partner_id": "y.partner_id", "commercial_partner_id": "y.partner_id",
        "invoice_partner_display_name": "y.invoice_partner_name",
        "currency_id": "y.currency_id", "date": "y.paid::date",
        "invoice_date_due": "y.paid::date", "amount_total": "y.total",
        "amount_total_signed": "y.total", "amount_total_in_currency_signed": "y.total",
        "origin_payment_id": "NULL::int", "fiscal_position_id": "y.fiscal_position_id",
    }  # fmt: skip
    if not rows["account_move/payment"]["amount_total_in_currency_signed"]:
        del entry["amount_total_in_currency_signed"]
    clone(
        cr,
        "account_move",
        rows["account_move/payment"],
        _stamped(entry, "y.paid"),
        source,
    )
    payment = {
        "id": "y.payment_id", "name": "y.entry_name", "move_id": "y.entry_id",
        "partner_id": "y.partner_id", "currency_id": "y.currency_id",
        "memo": "y.invoice_name", "date": "y.paid::date", "amount": "y.total",
        "amount_company_currency_signed": "y.total",
    }  # fmt: skip
    clone(
        cr,
        "account_payment",
        rows["account_payment"],
        _stamped(payment, "y.paid"),
        source,
    )
    cr.execute(
        "UPDATE account_move m SET origin_payment_id = y.payment_id FROM h_paid y "
        "WHERE m.id = y.entry_id AND y.company_id = %s",
        [exemplar.company_id],
    )
    _write_items(cr, exemplar)


def _write_items(cr: Any, exemplar: Exemplar) -> None:
    rows, source = exemplar.rows, _source(exemplar)
    clone(
        cr, "account_full_reconcile", rows["account_full_reconcile"],
        _stamped({"id": "y.full_id"}, "y.paid"), source,
    )  # fmt: skip
    liquidity = {
        **_ENTRY_ITEM,
        "id": "y.liquidity_id", "debit": "y.total", "balance": "y.total",
        "amount_currency": "y.total", "amount_residual": "y.total",
        "amount_residual_currency": "y.total", "price_subtotal": "y.total",
        "price_total": "y.total",
    }  # fmt: skip
    counterpart = {
        **_ENTRY_ITEM,
        "id": "y.counterpart_id", "credit": "y.total", "balance": "-y.total",
        "amount_currency": "-y.total", "price_subtotal": "-y.total",
        "price_total": "-y.total", "full_reconcile_id": "y.full_id",
        "matching_number": "y.full_id::text",
    }  # fmt: skip
    for kind, item in (("liquidity", liquidity), ("counterpart", counterpart)):
        row = rows[f"account_move_line/{kind}"]
        clone(cr, "account_move_line", row, _stamped(item, "y.paid"), source)


def _write_matches(cr: Any, exemplar: Exemplar) -> None:
    partial = {
        "id": "y.partial_id", "debit_move_id": "y.receivable_id",
        "credit_move_id": "y.counterpart_id", "full_reconcile_id": "y.full_id",
        "debit_currency_id": "y.currency_id", "credit_currency_id": "y.currency_id",
        "max_date": "GREATEST(y.paid::date, o.invoice_date::date)", "amount": "y.total",
        "debit_amount_currency": "y.total", "credit_amount_currency": "y.total",
    }  # fmt: skip
    source = (
        "h_paid y JOIN h_order o USING (sale_id) "
        f"WHERE y.company_id = {int(exemplar.company_id)}"
    )
    row = exemplar.rows["account_partial_reconcile"]
    clone(cr, "account_partial_reconcile", row, _stamped(partial, "y.paid"), source)


def _settle(cr: Any) -> None:
    """Tell invoices and receivables that they are paid."""
    link(
        cr, "account_move__account_payment", ("invoice_id", "payment_id"),
        "SELECT invoice_id, payment_id FROM h_paid",
    )  # fmt: skip
    cr.execute(
        """
        UPDATE account_move m
           SET payment_state = 'paid', amount_residual = 0,
               amount_residual_signed = 0, is_manually_modified = TRUE
          FROM h_paid y
         WHERE m.id = y.invoice_id
        """
    )
    cr.execute(
        """
        UPDATE account_move_line l
           SET amount_residual = 0, amount_residual_currency = 0, reconciled = TRUE,
               full_reconcile_id = y.full_id, matching_number = y.full_id::text
          FROM h_paid y
         WHERE l.id = y.receivable_id
        """
    )
