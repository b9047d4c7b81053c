"""The rows of an order's life, from the temporary tables into Odoo's.

Each writer covers one document of one company; all expressions are constant
text over the aliases o (``h_order``), l (``h_line``) and t (``h_tax``).
"""

from __future__ import annotations

from typing import Any

from history.exemplar import Exemplar
from history.sql import clone, link


def _stamped(values: dict[str, str], moment: str) -> dict[str, str]:
    """Add when the record was made; never later than the load."""
    when = f"LEAST({moment}, now() AT TIME ZONE 'UTC')"
    return {**values, "create_date": when, "write_date": when}


def _orders(company_id: int) -> str:
    return f"h_order o WHERE o.company_id = {int(company_id)}"


def _lines(company_id: int) -> str:
    orders = f"WHERE o.company_id = {int(company_id)}"
    return f"h_line l JOIN h_order o USING (sale_id) {orders}"


def write_sales(cr: Any, exemplar: Exemplar) -> None:
    """Orders and their lines: confirmed, delivered, invoiced."""
    order = {
        "id": "o.sale_id", "name": "o.name", "partner_id": "o.partner_id",
        "partner_invoice_id": "o.partner_invoice_id",
        "partner_shipping_id": "o.partner_shipping_id",
        "fiscal_position_id": "o.fiscal_position_id",
        "payment_term_id": "o.payment_term_id", "pricelist_id": "o.pricelist_id",
        "preferred_payment_method_line_id": "o.preferred_payment_method_line_id",
        "currency_id": "o.currency_id", "user_id": "o.user_id", "team_id": "o.team_id",
        "warehouse_id": "o.warehouse_id", "date_order": "o.date_order",
        "currency_rate": "o.currency_rate", "amount_untaxed": "o.untaxed",
        "amount_tax": "o.tax", "amount_total": "o.total",
        "effective_date": "o.delivered",
    }  # fmt: skip
    if exemplar.validity_days is not None:
        order["validity_date"] = "o.validity_date::date"
    clone(
        cr, "sale_order", exemplar.rows["sale_order"],
        _stamped(order, "o.date_order"), _orders(exemplar.company_id),
    )  # fmt: skip
    _write_sale_lines(cr, exemplar)


def _write_sale_lines(cr: Any, exemplar: Exemplar) -> None:
    line = {
        "id": "l.line_id", "order_id": "o.sale_id", "sequence": "l.sequence",
        "currency_id": "o.currency_id", "order_partner_id": "o.partner_id",
        "salesman_id": "o.user_id", "product_id": "l.product_id",
        "product_uom_id": "l.uom_id", "name": "l.name",
        "warehouse_id": "o.warehouse_id",
        "product_uom_qty": "l.quantity", "price_unit": "l.price_unit::numeric",
        "technical_price_unit": "l.price_unit", "discount": "l.discount",
        "price_subtotal": "l.subtotal", "price_total": "l.total",
        "price_tax": "l.total - l.subtotal",
        "price_reduce_taxexcl": "round((l.subtotal / l.quantity)::numeric, 2)",
        "price_reduce_taxinc": "round((l.total / l.quantity)::numeric, 2)",
        "qty_delivered": "l.quantity", "qty_invoiced": "l.quantity",
        "untaxed_amount_invoiced": "l.subtotal",
        "untaxed_amount_to_invoice": "l.left_over",
    }  # fmt: skip
    clone(
        cr, "sale_order_line", exemplar.rows["sale_order_line"],
        _stamped(line, "o.date_order"), _lines(exemplar.company_id),
    )  # fmt: skip


def write_deliveries(cr: Any, exemplar: Exemplar) -> None:
    """One done transfer an order, one move and one move line an order line."""
    picking = {
        "id": "o.picking_id", "name": "o.picking_name", "origin": "o.name",
        "partner_id": "o.partner_shipping_id", "sale_id": "o.sale_id",
        "scheduled_date": "o.date_order", "date_deadline": "o.date_order",
        "date_done": "o.delivered",
        # Of the exemplar it would say whether a second passed while it was made.
        "has_deadline_issue": "false",
    }  # fmt: skip
    clone(
        cr, "stock_picking", exemplar.rows["stock_picking"],
        _stamped(picking, "o.date_order"), _orders(exemplar.company_id),
    )  # fmt: skip
    clone(
        cr, "stock_reference", exemplar.rows["stock_reference"],
        _stamped({"id": "o.reference_id", "name": "o.name"}, "o.date_order"),
        _orders(exemplar.company_id),
    )  # fmt: skip
    _write_moves(cr, exemplar)


def _write_moves(cr: Any, exemplar: Exemplar) -> None:
    pieces = "l.quantity * l.uom_factor"
    source = (
        "h_line l JOIN h_order o USING (sale_id) "
        "JOIN product_product p ON p.id = l.product_id "
        "JOIN product_template m ON m.id = p.product_tmpl_id "
        f"WHERE o.company_id = {int(exemplar.company_id)}"
    )
    cost = "COALESCE((p.standard_price->>o.company_id::text)::numeric, 0)"
    move = {
        "id": "l.move_id", "product_id": "l.product_id", "product_uom": "m.uom_id",
        "partner_id": "o.partner_shipping_id", "picking_id": "o.picking_id",
        "origin": "o.name", "reference": "o.picking_name", "sale_line_id": "l.line_id",
        "sequence": "l.sequence", "reservation_date": "o.date_order::date",
        "product_qty": pieces, "product_uom_qty": pieces, "quantity": pieces,
        "packaging_uom_id": "l.uom_id", "packaging_uom_qty": "l.quantity",
        "date": "o.delivered", "date_deadline": "o.date_order",
        "value": f"round(({pieces})::numeric * {cost}, 2)",
    }  # fmt: skip
    clone(
        cr,
        "stock_move",
        exemplar.rows["stock_move"],
        _stamped(move, "o.date_order"),
        source,
    )
    line = {
        "id": "l.move_line_id", "picking_id": "o.picking_id", "move_id": "l.move_id",
        "product_id": "l.product_id", "product_uom_id": "m.uom_id", "quantity": pieces,
        "quantity_product_uom": pieces, "date": "o.delivered",
    }  # fmt: skip
    clone(
        cr, "stock_move_line", exemplar.rows["stock_move_line"],
        _stamped(line, "o.date_order"), source,
    )  # fmt: skip


def write_invoices(cr: Any, exemplar: Exemplar) -> None:
    """One posted invoice an order: product, tax and receivable items."""
    sign = {
        "amount_untaxed": "o.untaxed",
        "amount_tax": "o.tax",
        "amount_total": "o.total",
    }
    invoice = {
        "id": "o.invoice_id", "name": "o.invoice_name",
        "sequence_prefix": "o.invoice_prefix",
        "sequence_number": "o.invoice_number", "payment_reference": "o.invoice_name",
        "ref": "o.name", "invoice_origin": "o.name",
        "partner_id": "o.partner_invoice_id",
        "commercial_partner_id": "o.partner_id",
        "partner_shipping_id": "o.partner_shipping_id",
        "fiscal_position_id": "o.fiscal_position_id",
        "invoice_payment_term_id": "o.payment_term_id", "currency_id": "o.currency_id",
        "preferred_payment_method_line_id": "o.preferred_payment_method_line_id",
        "invoice_partner_display_name": "o.invoice_partner_name",
        "invoice_user_id": "o.user_id", "team_id": "o.team_id",
        "date": "o.invoice_date::date", "invoice_date": "o.invoice_date::date",
        "invoice_date_due": "o.due_date::date", "delivery_date": "o.delivered::date",
        "invoice_currency_rate": "o.invoice_rate", **sign,
        "amount_residual": "o.total", "amount_residual_signed": "o.total_company",
        "payment_state": "'not_paid'::text", "is_manually_modified": "FALSE",
        "amount_untaxed_signed": "o.untaxed_company",
        "amount_tax_signed": "o.tax_company",
        "amount_total_signed": "o.total_company",
        "amount_untaxed_in_currency_signed": "o.untaxed",
        "amount_total_in_currency_signed": "o.total",
    }  # fmt: skip
    clone(
        cr, "account_move", exemplar.rows["account_move/invoice"],
        _stamped(invoice, "o.invoiced"), _orders(exemplar.company_id),
    )  # fmt: skip
    _write_product_items(cr, exemplar)
    _write_tax_items(cr, exemplar)
    _write_receivables(cr, exemplar)


_ITEM = {
    "move_id": "o.invoice_id", "move_name": "o.invoice_name", "ref": "o.name",
    "partner_id": "o.partner_id", "currency_id": "o.currency_id",
    "date": "o.invoice_date::date", "invoice_date": "o.invoice_date::date",
}  # fmt: skip


def _write_product_items(cr: Any, exemplar: Exemplar) -> None:
    item = {
        **_ITEM,
        "id": "l.item_id", "sequence": "l.item_sequence", "product_id": "l.product_id",
        "product_uom_id": "l.uom_id", "name": "l.name", "quantity": "l.quantity",
        "price_unit": "l.price_unit::numeric", "discount": "l.discount",
        "price_subtotal": "l.subtotal", "price_total": "l.total", "debit": "0",
        "credit": "l.balance", "balance": "-l.balance",
        "amount_currency": "-l.amount_currency",
    }  # fmt: skip
    clone(
        cr, "account_move_line", exemplar.rows["account_move_line/product"],
        _stamped(item, "o.invoiced"), _lines(exemplar.company_id),
    )  # fmt: skip


def _write_tax_items(cr: Any, exemplar: Exemplar) -> None:
    row = exemplar.rows.get("account_move_line/tax")
    if row is None:
        return  # a company without a sales tax
    income = int(exemplar.rows["account_move_line/product"]["account_id"])
    item = {
        **_ITEM,
        "id": "t.item_id", "account_id": f"COALESCE(t.account_id, {income})",
        "tax_line_id": "t.tax_id",
        "tax_group_id": "t.tax_group_id", "tax_repartition_line_id": "t.repartition_id",
        "name": "t.tax_name", "debit": "0", "credit": "t.balance",
        "balance": "-t.balance",
        "amount_currency": "-t.amount_currency", "tax_base_amount": "-t.base_balance",
    }  # fmt: skip
    mine = f"WHERE o.company_id = {int(exemplar.company_id)}"
    source = f"h_tax t JOIN h_order o USING (sale_id) {mine}"
    clone(cr, "account_move_line", row, _stamped(item, "o.invoiced"), source)


def _write_receivables(cr: Any, exemplar: Exemplar) -> None:
    item = {
        **_ITEM,
        "id": "o.receivable_id", "name": "o.name || ' - ' || o.invoice_name",
        "date_maturity": "o.due_date::date", "debit": "o.total_company", "credit": "0",
        "balance": "o.total_company", "amount_currency": "o.total",
        "amount_residual": "o.total_company", "amount_residual_currency": "o.total",
        "reconciled": "FALSE", "matching_number": "NULL",
        "full_reconcile_id": "NULL::int",
    }  # fmt: skip
    clone(
        cr, "account_move_line", exemplar.rows["account_move_line/payment_term"],
        _stamped(item, "o.invoiced"), _orders(exemplar.company_id),
    )  # fmt: skip


def write_links(cr: Any) -> None:
    """What ties the documents together."""
    link(
        cr, "account_tax_sale_order_line_rel", ("sale_order_line_id", "account_tax_id"),
        "SELECT line_id, tax_id FROM h_line_tax",
    )  # fmt: skip
    link(
        cr, "account_move_line_account_tax_rel", ("account_move_line_id",
        "account_tax_id"),
        "SELECT l.item_id, t.tax_id FROM h_line_tax t JOIN h_line l USING (line_id)",
    )  # fmt: skip
    link(
        cr, "sale_order_line_invoice_rel", ("invoice_line_id", "order_line_id"),
        "SELECT item_id, line_id FROM h_line",
    )  # fmt: skip
    link(
        cr, "stock_reference_sale_rel", ("reference_id", "sale_id"),
        "SELECT reference_id, sale_id FROM h_order",
    )  # fmt: skip
    link(
        cr, "stock_reference_move_rel", ("reference_id", "move_id"),
        "SELECT o.reference_id, l.move_id FROM h_line l JOIN h_order o USING (sale_id)",
    )  # fmt: skip
