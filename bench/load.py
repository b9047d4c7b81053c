"""Online Retail II as a distributor's sales: ``python -m bench.load``.

Every customer is an active reseller, every invoice a confirmed and delivered order,
every credit note an order of negative lines, which the nightly action subtracts from
the purchases before it. Prices are taken as amounts in the company's currency. Dates
stay as they are; ``bench.nightly`` moves the last one to the day that a run counts
as known, so that the same data give the same lists whenever it runs.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from history import bulk, sql
from history.exemplar import NOTHING_TO_TELL, undone

from .database import database_parser, open_registry, transaction

TIERS = {"Gold": 0.9, "Silver": 0.95, "Bronze": 1.0}
# A few spellings that are not Odoo's.
COUNTRIES = {
    "EIRE": "IE",
    "USA": "US",
    "RSA": "ZA",
    "Korea": "KR",
    "Channel Islands": "JE",
}
# One product in twenty is out of stock.
OUT_OF_STOCK = 20
# Everything the history has counts: it is a week longer than the default.
HISTORY_MONTHS = 25


def read(path: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read lines, product names and customers' countries; the last two if there."""
    lines = pd.read_parquet(path)
    lines["code"] = lines.pop("product").astype(str)
    named = {
        "products": pd.DataFrame({"code": sorted(lines["code"].unique())}),
        "customers": pd.DataFrame({"customer": sorted(lines["customer"].unique())}),
    }
    for kind, column in (("products", "name"), ("customers", "country")):
        more = path.with_name(f"{path.stem}_{kind}.parquet")
        frame = named[kind]
        if more.exists():
            table = pd.read_parquet(more).rename(columns={"product": "code"})
            key = frame.columns[0]
            table[key] = table[key].astype(frame[key].dtype)
            named[kind] = frame.merge(table.drop_duplicates(key), how="left", on=key)
            named[kind][column] = named[kind][column].astype(str)
        else:
            frame[column] = ""
    return lines, named["products"], named["customers"]


def make_rows(env: Any) -> dict[str, dict[str, Any]]:
    """Let the ORM make one of each, delivered, and give the rows; undone."""
    with undone(env):
        product = env["product.product"].create(
            {"name": "X", "default_code": "X", "is_storable": True, "taxes_id": []}
        )
        partner = env["res.partner"].create({"name": "X", "is_company": True})
        line = {"product_id": product.id, "product_uom_qty": 1, "price_unit": 1.0}
        order = env["sale.order"].create(
            {"partner_id": partner.id, "order_line": [(0, 0, line)]}
        )
        order.action_confirm()
        order.picking_ids.move_ids.write({"quantity": 1, "picked": True})
        order.picking_ids.button_validate()
        env.flush_all()
        records = [product, product.product_tmpl_id, partner, order, order.order_line]
        records.append(order.picking_ids.move_ids)
        rows = {one._table: sql.read_row(env.cr, one._table, one.id) for one in records}
    rows["stock_move"]["picking_id"] = None
    return rows


def write_products(env: Any, rows: dict[str, Any], products: pd.DataFrame) -> None:
    """Write products, and their stock."""
    cr, at = env.cr, np.arange(len(products))
    products["template_id"] = sql.next_id(cr, "product_template") + at
    products["product_id"] = sql.next_id(cr, "product_product") + at
    products["stock"] = np.where(at % OUT_OF_STOCK, 1000.0, 0.0)
    sql.copy_frame(cr, "b_product", products)
    template = {
        "id": "p.template_id",
        "default_code": "p.code",
        "name": "jsonb_build_object('en_US', COALESCE(NULLIF(p.name, ''), p.code))",
        "list_price": "p.price",
    }
    sql.clone(cr, "product_template", rows["product_template"], template, "b_product p")
    variant = {
        "id": "p.product_id",
        "product_tmpl_id": "p.template_id",
        "default_code": "p.code",
    }
    sql.clone(cr, "product_product", rows["product_product"], variant, "b_product p")
    sql.fit_sequence(cr, ["product_template", "product_product"])
    warehouse = env["stock.warehouse"].search([], limit=1)
    quant = {"location_id": warehouse.lot_stock_id.id, "reserved_quantity": 0}
    values = {
        "product_id": "p.product_id",
        "quantity": "p.stock",
        "company_id": str(int(warehouse.company_id.id)),
        "in_date": "now() AT TIME ZONE 'UTC'",
    }
    sql.clone(cr, "stock_quant", quant, values, "b_product p WHERE p.stock > 0")


def write_partners(env: Any, rows: dict[str, Any], customers: pd.DataFrame) -> None:
    """Write the resellers' companies; relationships come through the ORM."""
    cr = env.cr
    known = env["res.country"].search([])
    countries = {one.name: one.id for one in known}
    by_code = {one.code: one.id for one in known}
    countries |= {name: by_code[code] for name, code in COUNTRIES.items()}
    customers["country_id"] = customers["country"].map(countries).fillna(0).astype(int)
    customers["partner_id"] = sql.next_id(cr, "res_partner") + np.arange(len(customers))
    sql.copy_frame(cr, "b_partner", customers)
    name = "'Reseller ' || c.customer"
    values = {
        "id": "c.partner_id",
        "name": name,
        "complete_name": name,
        "commercial_company_name": name,
        "commercial_partner_id": "c.partner_id",
        "ref": "c.customer::text",
        "country_id": "NULLIF(c.country_id, 0)",
    }
    sql.clone(cr, "res_partner", rows["res_partner"], values, "b_partner c")
    sql.fit_sequence(cr, ["res_partner"])
    env.invalidate_all(flush=False)


def make_relationships(env: Any, customers: pd.DataFrame) -> None:
    """Make active relationships in three tiers with price lists, by turnover."""
    grades = []
    for name, factor in TIERS.items():
        item = {
            "applied_on": "3_global",
            "compute_price": "percentage",
            "percent_price": round(100 * (1 - factor)),
        }
        values = {"name": name, "item_ids": [(0, 0, item)]}
        prices = env["product.pricelist"].create(values)
        values = {"name": name, "default_pricelist_id": prices.id}
        grades.append(env["res.partner.grade"].create(values).id)
    place = customers["amount"].rank(ascending=False, method="first", pct=True)
    tier = np.select([place <= 0.05, place <= 0.25], grades[:2], grades[2])
    env["prm.relationship"].create(
        [
            {"partner_id": int(partner), "state": "active", "grade_id": int(grade)}
            for partner, grade in zip(customers["partner_id"], tier, strict=True)
        ]
    )
    env.flush_all()


def write_orders(env: Any, rows: dict[str, Any], lines: pd.DataFrame) -> None:
    """Write orders, lines, and a done move for each line sold."""
    cr = env.cr
    lines["amount"] = (lines["quantity"] * lines["price"].astype(float)).round(2)
    grouped = lines.groupby("basket", as_index=False)
    orders = grouped.agg(
        customer=("customer", "first"), date=("date", "first"), amount=("amount", "sum")
    )
    orders["order_id"] = sql.next_id(cr, "sale_order") + np.arange(len(orders))
    lines["line_id"] = sql.next_id(cr, "sale_order_line") + np.arange(len(lines))
    lines = lines.drop(columns=["customer", "date", "cancel"])
    sql.copy_frame(cr, "b_order", orders)
    sql.copy_frame(cr, "b_line", lines)
    with bulk.without_checks(cr):
        _write_orders(cr, rows["sale_order"])
        _write_lines(cr, rows)
    sql.fit_sequence(cr, ["sale_order", "sale_order_line", "stock_move"])


def _write_orders(cr: Any, row: dict[str, Any]) -> None:
    order = {
        "id": "o.order_id",
        "name": "'OR' || o.basket",
        "partner_id": "c.partner_id",
        "partner_invoice_id": "c.partner_id",
        "partner_shipping_id": "c.partner_id",
        "date_order": "o.date + interval '12 hours'",
        "amount_untaxed": "o.amount",
        "amount_tax": "0",
        "amount_total": "o.amount",
        "prm_relationship_id": "r.id",
    }
    source = (
        "b_order o JOIN b_partner c USING (customer)"
        " JOIN prm_relationship r ON r.partner_id = c.partner_id"
    )
    sql.clone(cr, "sale_order", row, order, source)


def _write_lines(cr: Any, rows: dict[str, Any]) -> None:
    source = (
        "b_line l JOIN b_product p USING (code) JOIN b_order o USING (basket)"
        " JOIN b_partner c USING (customer)"
    )
    quantity, price = "l.quantity", "l.price::numeric"
    line = {
        "id": "l.line_id",
        "order_id": "o.order_id",
        "order_partner_id": "c.partner_id",
        "product_id": "p.product_id",
        "name": "l.code",
        "product_uom_qty": quantity,
        "qty_delivered": quantity,
        "qty_to_invoice": quantity,
        "price_unit": price,
        "technical_price_unit": price,
        "price_reduce_taxexcl": price,
        "price_reduce_taxinc": price,
        "price_subtotal": "l.amount",
        "price_total": "l.amount",
        "price_tax": "0",
    }
    sql.clone(cr, "sale_order_line", rows["sale_order_line"], line, source)
    move = {
        "product_id": "p.product_id",
        "partner_id": "c.partner_id",
        "sale_line_id": "l.line_id",
        "origin": "'OR' || o.basket",
        "reference": "'OR' || o.basket",
        "product_qty": quantity,
        "product_uom_qty": quantity,
        "quantity": quantity,
        "date": "o.date + interval '12 hours'",
    }
    sold = f"{source} WHERE l.quantity > 0"
    sql.clone(cr, "stock_move", rows["stock_move"], move, sold)


def load(env: Any, path: Path) -> None:
    """Write everything and say how long each step took."""
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"   {time.monotonic() - begun:6.1f} s  {text}", flush=True)

    lines, products, customers = read(path)
    products["price"] = (
        products["code"].map(lines.groupby("code")["price"].median()).astype(float)
    )
    amount = (lines["quantity"] * lines["price"]).groupby(lines["customer"]).sum()
    customers["amount"] = customers["customer"].map(amount)
    say("read")
    env.company.prm_history_months = HISTORY_MONTHS
    env["res.config.settings"].create({"group_product_pricelist": True}).execute()
    rows = make_rows(env)
    write_products(env, rows, products)
    write_partners(env, rows, customers)
    say("products and partners")
    make_relationships(env, customers)
    say("relationships")
    write_orders(env, rows, lines)
    say(f"{len(lines)} lines")


def main() -> None:
    """Read the command line, load, commit, and gather statistics."""
    parser = database_parser("load", __doc__)
    parser.add_argument("--data", type=Path, required=True)
    options = parser.parse_args()
    registry = open_registry(options.config, options.database)
    with transaction(registry) as env:
        load(env(context=NOTHING_TO_TELL), options.data)
    with transaction(registry) as env:
        env.cr.execute("ANALYZE")


if __name__ == "__main__":
    main()
