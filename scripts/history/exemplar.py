"""One order made by the ORM for each company, from quotation to payment.

Its rows say what every stored column of such a record looks like in this
database, whatever addons are installed. The order itself is undone.
"""

from __future__ import annotations

import collections
import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from history import sql

NOTHING_TO_TELL = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_notrack": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "no_reset_password": True,
}


class _Undo(Exception):
    """Leaves the savepoint in which an exemplar was made."""


@contextmanager
def undone(env: Any) -> Iterator[None]:
    """Undo what the block does: rows, caches, and what it planned for the commit."""
    queues = [env.cr.precommit, env.cr.postcommit]
    before = [(list(queue._funcs), dict(queue.data)) for queue in queues]
    env.flush_all()
    try:
        with env.cr.savepoint():
            yield
            env.flush_all()
            raise _Undo
    except _Undo:
        env.invalidate_all(flush=False)
    for queue, (functions, data) in zip(queues, before, strict=True):
        queue._funcs = collections.deque(functions)
        queue.data = data


@dataclass
class Exemplar:
    """Rows by table (and by kind for journal items), and what they tell."""

    company_id: int
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    validity_days: int | None = None
    picking_sequence_id: int = 0
    order_sequence_id: int = 0


def make(env: Any, company: Any) -> Exemplar:
    """Record the exemplar of a company and undo it."""
    env = env(
        context=dict(env.context, **NOTHING_TO_TELL, allowed_company_ids=company.ids)
    )
    result = Exemplar(company.id)
    with undone(env):
        _read(env, _order(env, company), result)
    return result


def _order(env: Any, company: Any) -> Any:
    order = env["sale.order"].create(_order_values(env, company))
    order.action_confirm()
    pickings = order.picking_ids
    pickings.move_ids.write({"quantity": 10, "picked": True})
    pickings.with_context(skip_backorder=True, skip_sms=True).button_validate()
    invoice = order._create_invoices()
    invoice.action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    ).create({})._create_payments()
    env.flush_all()
    return order


def _order_values(env: Any, company: Any) -> dict[str, Any]:
    product = env["product.product"].create(
        {"name": "Exemplar", "is_storable": True, "standard_price": 5.0}
    )
    partner = env["res.partner"].create(
        {"name": "Exemplar", "is_company": True, "country_id": company.country_id.id}
    )
    taxes = env["account.tax"].search(
        [
            ("company_id", "=", company.id),
            ("type_tax_use", "=", "sale"),
            ("amount_type", "=", "percent"),
            ("amount", ">", 0),
        ],
        limit=1,
    )
    line = {
        "product_id": product.id,
        "product_uom_qty": 10,
        "price_unit": 10.0,
        "tax_ids": [(6, 0, taxes.ids)],
    }
    return {
        "partner_id": partner.id,
        "company_id": company.id,
        "order_line": [(0, 0, line)],
    }


def _read(env: Any, order: Any, result: Exemplar) -> None:
    invoice = order.invoice_ids
    payment = invoice.matched_payment_ids
    of_invoice = {line.display_type: line for line in invoice.line_ids}
    receivable = of_invoice["payment_term"]
    partial = receivable.matched_credit_ids
    records = {
        "sale_order": order,
        "sale_order_line": order.order_line,
        "stock_picking": order.picking_ids,
        "stock_move": order.picking_ids.move_ids,
        "stock_move_line": order.picking_ids.move_line_ids,
        "stock_reference": order.stock_reference_ids,
        "account_move/invoice": invoice,
        "account_move/payment": payment.move_id,
        "account_payment": payment,
        "account_partial_reconcile": partial,
        "account_full_reconcile": receivable.full_reconcile_id,
    }
    for kind, line in of_invoice.items():
        records[f"account_move_line/{kind}"] = line
    counterpart = partial.credit_move_id
    records["account_move_line/counterpart"] = counterpart
    records["account_move_line/liquidity"] = payment.move_id.line_ids - counterpart
    for key, record in records.items():
        result.rows[key] = sql.read_row(env.cr, key.split("/")[0], record.id)
    if order.validity_date:
        result.validity_days = (order.validity_date - datetime.date.today()).days
    result.picking_sequence_id = order.picking_ids.picking_type_id.sequence_id.id
    result.order_sequence_id = order_sequence(env, order.company_id).id


def order_sequence(env: Any, company: Any) -> Any:
    """Find the sequence that numbers a company's orders."""
    return env["ir.sequence"].search(
        [("code", "=", "sale.order"), ("company_id", "in", [company.id, False])],
        order="company_id",
        limit=1,
    )
