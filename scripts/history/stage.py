"""Number, name and price everything before one row of Odoo's is written.

In: orders and lines with database ids. Out: the temporary tables ``h_order``,
``h_line``, ``h_line_tax`` and ``h_tax``, from which every writer reads.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd

from history import amounts, sql
from history.exemplar import Exemplar
from history.frames import rows

# Read from the order that the ORM would make for this customer and salesperson.
HEADER = [
    "partner_invoice_id",
    "partner_shipping_id",
    "fiscal_position_id",
    "payment_term_id",
    "pricelist_id",
    "currency_id",
    "team_id",
    "warehouse_id",
    "preferred_payment_method_line_id",
]
ACCOUNT_KEY = ["company_id", "partner_id", "user_id", "asked_pricelist_id"]


def prepare(
    env: Any, orders: pd.DataFrame, lines: pd.DataFrame, exemplars: dict[int, Exemplar]
) -> None:
    """Make the temporary tables.

    :param orders: order, company_id, partner_id, user_id, date_order, delivered,
        invoiced, paid (may be missing), asked_pricelist_id (0: the customer's).
    :param lines: order, product_id, uom_id, quantity, price_unit, discount, name,
        sequence; ``uom_factor`` = pieces in one of the unit.
    """
    orders = orders.sort_values(["date_order", "order"]).reset_index(drop=True)
    orders = _headers(env, orders)
    orders = _numbers(env, orders, exemplars)
    lines = lines.merge(
        orders[
            ["order", "sale_id", "company_id", "fiscal_position_id", "invoice_rate"]
        ],
        on="order",
    ).sort_values(["sale_id", "sequence"], kind="stable")
    lines = _line_numbers(env, lines.rename(columns={"invoice_rate": "rate"}))
    lines = amounts.line_amounts(lines)
    taxes = _line_taxes(env, lines)
    documents = amounts.tax_amounts(lines, taxes)
    amounts.spread_cents(env, lines)
    orders = _totals(env, orders, lines, documents)
    drop = [
        "order",
        "company_id",
        "fiscal_position_id",
        "rate",
        "exact",
        "exact_company",
    ]
    sql.copy_frame(env.cr, "h_line", lines.drop(columns=drop))
    sql.copy_frame(env.cr, "h_line_tax", taxes[["line_id", "tax_id"]])
    sql.copy_frame(env.cr, "h_order", orders.drop(columns=["order"]))
    sql.copy_frame(env.cr, "h_tax", _tax_lines(env, documents, orders))


def _headers(env: Any, orders: pd.DataFrame) -> pd.DataFrame:
    """Ask the ORM what an order of each account carries in its head."""
    rows = []
    accounts = orders.drop_duplicates(ACCOUNT_KEY)[ACCOUNT_KEY]
    for company_id, partner_id, user_id, pricelist_id in accounts.itertuples(
        index=False
    ):
        values = {
            "company_id": company_id,
            "partner_id": partner_id,
            "user_id": user_id,
        }
        if pricelist_id:
            values["pricelist_id"] = pricelist_id
        values = {name: int(value) for name, value in values.items()}
        model = env["sale.order"].with_context(allowed_company_ids=[int(company_id)])
        order = model.new(values)
        found = {name: order[name].id or None for name in HEADER}
        found["due_days"] = _due_days(order.payment_term_id)
        keys = dict(
            zip(
                ACCOUNT_KEY,
                (company_id, partner_id, user_id, pricelist_id),
                strict=True,
            )
        )
        partner = order.partner_invoice_id
        found["invoice_partner_name"] = partner.name
        rows.append({**keys, **found})
    heads = pd.DataFrame(rows)
    heads[HEADER] = heads[HEADER].astype("Int64")
    merged = orders.merge(heads, on=ACCOUNT_KEY, how="left")
    return _rates(env, merged)


def _due_days(term: Any) -> int:
    """Days until a payment term's only instalment is due."""
    if not term:
        return 0
    line = term.line_ids
    if len(line) != 1 or line.delay_type != "days_after" or term.early_discount:
        raise ValueError(
            f"Payment term {term.name!r}: only one instalment, some days after."
        )
    return line.nb_days


def _rates(env: Any, orders: pd.DataFrame) -> pd.DataFrame:
    """Add the currency rate of the order's day and of the invoice's day."""
    for column, moment in (
        ("currency_rate", "date_order"),
        ("invoice_rate", "invoiced"),
    ):
        day = orders[moment].dt.date
        keys = pd.DataFrame(
            {
                "company": orders["company_id"],
                "currency": orders["currency_id"],
                "day": day,
            }
        )
        found = {}
        for key in rows(keys.drop_duplicates(), index=False):
            company = env["res.company"].browse(int(key.company))
            currency = env["res.currency"].browse(int(key.currency))
            if currency.decimal_places != 2 or company.currency_id.decimal_places != 2:
                raise ValueError(f"Currency {currency.name}: two decimals are needed.")
            found[tuple(key)] = company.currency_id._get_conversion_rate(
                company.currency_id, currency, company, key.day
            )
        orders[column] = [found[key] for key in keys.itertuples(index=False, name=None)]
    orders["foreign_currency"] = orders["currency_id"] != orders["company_id"].map(
        lambda one: env["res.company"].browse(one).currency_id.id
    )
    return orders


def _numbers(
    env: Any, orders: pd.DataFrame, exemplars: dict[int, Exemplar]
) -> pd.DataFrame:
    """Give ids and the names that Odoo's sequences would give, in time's order."""
    cr, count = env.cr, np.arange(len(orders))
    for column, table in (
        ("sale_id", "sale_order"),
        ("picking_id", "stock_picking"),
        ("reference_id", "stock_reference"),
        ("invoice_id", "account_move"),
    ):
        orders[column] = sql.next_id(cr, table) + count
    orders["validity_date"] = orders["date_order"].dt.normalize() + orders[
        "company_id"
    ].map(lambda one: pd.Timedelta(days=exemplars[one].validity_days or 0))
    sequences = {key: one.order_sequence_id for key, one in exemplars.items()}
    orders["name"] = _sequence_names(env, orders["company_id"].map(sequences))
    sequences = {key: one.picking_sequence_id for key, one in exemplars.items()}
    orders["picking_name"] = _sequence_names(env, orders["company_id"].map(sequences))
    orders["invoice_prefix"] = _yearly(
        orders, "invoiced", exemplars, "account_move/invoice"
    )
    by_invoice = orders.sort_values(["invoiced", "sale_id"])
    keys = by_invoice["company_id"].astype(str) + by_invoice["invoice_prefix"]
    numbers = by_invoice.groupby(keys).cumcount() + 1
    orders["invoice_number"] = numbers + _last_numbers(env, orders)
    digits = orders["invoice_number"].astype(str).str.zfill(5)
    orders["invoice_name"] = orders["invoice_prefix"] + digits
    orders["invoice_date"] = orders["invoiced"].dt.normalize()
    orders["due_date"] = orders["invoice_date"] + pd.to_timedelta(
        orders["due_days"], unit="D"
    )
    return orders


def _yearly(
    orders: pd.DataFrame, moment: str, exemplars: dict[int, Exemplar], table: str
) -> pd.Series:
    """The prefix of a journal's numbers in the year of ``moment``."""
    prefix = {}
    for company_id, one in exemplars.items():
        row = one.rows[table]
        year = f"/{row['date']:%Y}/"
        if not row["sequence_prefix"].endswith(year):
            raise ValueError(
                f"Journal numbers {row['name']}: only yearly ones are known."
            )
        prefix[company_id] = row["sequence_prefix"].removesuffix(year)
    start = orders["company_id"].map(prefix)
    return start + "/" + orders[moment].dt.year.astype("Int64").astype(str) + "/"


def _last_numbers(env: Any, orders: pd.DataFrame) -> pd.Series:
    """The last number each journal has already given, by order."""
    env.cr.execute(
        "SELECT company_id, sequence_prefix, MAX(sequence_number) FROM account_move "
        "WHERE state = 'posted' GROUP BY company_id, sequence_prefix"
    )
    known = {(company, prefix): number for company, prefix, number in env.cr.fetchall()}
    keys = zip(orders["company_id"], orders["invoice_prefix"], strict=True)
    return pd.Series([known.get(key, 0) for key in keys], index=orders.index)


def _sequence_names(env: Any, sequences: pd.Series) -> pd.Series:
    """Number rows by their sequences and let those go on behind."""
    names: dict[Any, str] = {}
    for sequence_id in sequences.unique().tolist():
        mine = sequences.index[sequences == sequence_id]
        sequence = env["ir.sequence"].browse(sequence_id)
        first = sequence.number_next_actual
        prefix, suffix = sequence._get_prefix_suffix()
        for number, row in enumerate(mine, start=first):
            names[row] = f"{prefix}{number:0{sequence.padding}d}{suffix}"
        sequence.number_next = first + len(mine)
    return pd.Series(names).reindex(sequences.index)


def _line_numbers(env: Any, lines: pd.DataFrame) -> pd.DataFrame:
    lines = lines.reset_index(drop=True)
    count = np.arange(len(lines))
    for column, table in (
        ("line_id", "sale_order_line"),
        ("move_id", "stock_move"),
        ("move_line_id", "stock_move_line"),
        ("item_id", "account_move_line"),
    ):
        lines[column] = sql.next_id(env.cr, table) + count
    lines["item_sequence"] = lines.groupby("sale_id").cumcount()
    return lines


def _line_taxes(env: Any, lines: pd.DataFrame) -> pd.DataFrame:
    """The taxes of each line: the product's in this company, after the fiscal
    position; only percentages on top of the price are known here."""
    keys = ["company_id", "fiscal_position_id", "product_id"]
    wanted = lines[keys].drop_duplicates()
    products = env["product.product"].browse(map(int, wanted["product_id"].unique()))
    taxes = {product.id: product.taxes_id for product in products}
    rows = []
    cached: dict[tuple, Any] = {}
    for company_id, position_id, product_id in wanted.itertuples(index=False):
        position = 0 if pd.isna(position_id) else int(position_id)
        key = (company_id, position, taxes[product_id])
        if key not in cached:
            cached[key] = _mapped(env, *key)
        for tax in cached[key]:
            rows.append((company_id, position, product_id, tax.id, tax.amount))
    table = pd.DataFrame(
        rows, columns=["company_id", "position", "product_id", "tax_id", "percent"]
    )
    whole = ["company_id", "position", "product_id", "tax_id"]
    table = table.astype({**dict.fromkeys(whole, "int64"), "percent": float})
    small = lines[["line_id", "company_id", "product_id"]].copy()
    small["position"] = lines["fiscal_position_id"].fillna(0).astype("int64")
    return small.merge(table, on=["company_id", "position", "product_id"])


def _mapped(env: Any, company_id: int, position_id: int, taxes: Any) -> Any:
    company = env["res.company"].browse(int(company_id))
    mine = taxes._filter_taxes_by_company(company)
    mine = env["account.fiscal.position"].browse(position_id).map_tax(mine)
    if company.tax_calculation_rounding_method != "round_globally":
        raise ValueError(f"{company.name}: taxes must be rounded globally.")
    for tax in mine:
        if tax.amount_type != "percent" or tax.price_include or tax.include_base_amount:
            raise ValueError(
                f"Tax {tax.name!r}: only a percentage on top of the price."
            )
    return mine


def _totals(
    env: Any, orders: pd.DataFrame, lines: pd.DataFrame, documents: pd.DataFrame
) -> pd.DataFrame:
    """Sum lines and taxes per order, and number what hangs from the totals."""
    sums = lines.groupby("sale_id")[["amount_currency", "balance"]].sum()
    taxes = documents.groupby("sale_id")[["amount_currency", "balance"]].sum()
    for name, table in (("untaxed", sums), ("tax", taxes)):
        for column, suffix in (("amount_currency", ""), ("balance", "_company")):
            values = orders["sale_id"].map(table[column]).fillna(0.0)
            orders[name + suffix] = amounts.round_half_up(values)
    for suffix in ("", "_company"):
        total = orders["untaxed" + suffix] + orders["tax" + suffix]
        orders["total" + suffix] = amounts.round_half_up(total)
    start = int(lines["item_id"].max()) + 1
    orders["receivable_id"] = start + np.arange(len(orders))
    return orders


def _tax_lines(env: Any, documents: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """The journal items of the taxes, without those that come to nothing."""
    table = documents[
        (documents["amount_currency"] != 0) | (documents["balance"] != 0)
    ].copy()
    rows = []
    for tax in env["account.tax"].browse(map(int, table["tax_id"].unique())):
        parts = tax.invoice_repartition_line_ids.filtered(
            lambda one: one.repartition_type == "tax"
        )
        if len(parts) != 1:
            raise ValueError(f"Tax {tax.name!r}: one repartition line is needed.")
        rows.append(
            {
                "tax_id": tax.id,
                "repartition_id": parts.id,
                "account_id": parts.account_id.id or None,
                "tax_group_id": tax.tax_group_id.id,
                "tax_name": tax.invoice_label or tax.name,
            }
        )
    columns = ["tax_id", "repartition_id", "account_id", "tax_group_id", "tax_name"]
    table = table.merge(pd.DataFrame(rows, columns=columns), on="tax_id")
    whole = ["sale_id", "tax_id", "repartition_id", "account_id", "tax_group_id"]
    table[whole] = table[whole].astype("Int64")
    money = ["amount_currency", "balance", "base_balance"]
    table[money] = table[money].astype(float)
    table = table.sort_values(["sale_id", "tax_id"]).reset_index(drop=True)
    start = int(orders["receivable_id"].max()) + 1
    table["item_id"] = start + np.arange(len(table))
    return table


def plan_payments(
    env: Any, orders: pd.DataFrame, exemplars: dict[int, Exemplar]
) -> pd.DataFrame:
    """Number one payment for each paid invoice: ids and journal names."""
    paid = orders[orders["paid"].notna()].sort_values(["paid", "sale_id"]).copy()
    count = itertools.count
    first = {
        "payment_id": sql.next_id(env.cr, "account_payment"),
        "entry_id": sql.next_id(env.cr, "account_move"),
        "partial_id": sql.next_id(env.cr, "account_partial_reconcile"),
        "full_id": sql.next_id(env.cr, "account_full_reconcile"),
    }
    for column, start in first.items():
        paid[column] = [
            one for one, _row in zip(count(start), range(len(paid)), strict=False)
        ]
    start = sql.next_id(env.cr, "account_move_line")
    paid["liquidity_id"] = start + 2 * np.arange(len(paid))
    paid["counterpart_id"] = paid["liquidity_id"] + 1
    paid["entry_prefix"] = _yearly(paid, "paid", exemplars, "account_move/payment")
    keys = paid["company_id"].astype(str) + paid["entry_prefix"]
    paid["entry_number"] = paid.groupby(keys).cumcount() + 1
    paid["entry_name"] = paid["entry_prefix"] + paid["entry_number"].astype(
        str
    ).str.zfill(5)
    return paid
