"""Goods on hand: set-based; goods on their way: receipts by the ORM."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd

from history import sql
from history.company import Setup
from history.exemplar import undone
from history.frames import draw, rows

RECEIPTS, RECEIPT_LINES = 12, 16
LINE_COLUMNS = ["company", "product_id", "code", "sales_pack", "date", "pieces", "end"]
EMPTY, SCARCE = 0.05, 0.1  # shares of the products


def plan_stock(lines: pd.DataFrame, today: datetime.date) -> pd.DataFrame:
    """Decide what lies in each company's warehouse.

    :param lines: company, product_id, code, sales_pack, date, quantity in pieces and
        how its order ends.
    :return: a row a company and product: on_hand, used (delivered since the
        opening), short.
    """
    keys = ["company", "product_id"]
    table = lines.groupby(keys)[["code", "sales_pack"]].first().reset_index()
    index = pd.MultiIndex.from_frame(table[keys])

    def pieces(some: pd.Series) -> np.ndarray:
        sums = lines[some].groupby(keys)["quantity"].sum()
        return sums.reindex(index).fillna(0).to_numpy()

    recent = lines["date"] >= pd.Timestamp(today) - pd.Timedelta(days=91)
    table["weekly"] = pieces(recent) / 13
    table["used"] = pieces(lines["end"] == "finished")
    number = draw(
        table["company"].astype(str) + "/" + table["code"].astype(str), "stock"
    )
    table["short"] = number < SCARCE
    weeks = np.select([number < EMPTY, table["short"]], [0.0, 0.4], 2.5 + 5 * number)
    least = np.where(number < EMPTY, 0, table["sales_pack"])
    packs = np.ceil(np.maximum(table["weekly"] * weeks, least) / table["sales_pack"])
    # What leaves the house during the load must be there, short or not.
    leaving = pieces(lines["end"].isin(["partly", "delivered"]))
    waiting = np.where(table["short"], 0, pieces(lines["end"] == "open"))
    table["on_hand"] = packs * table["sales_pack"] + leaving + waiting
    return table


def write_stock(
    env: Any, plan: pd.DataFrame, setup: Setup, opening: datetime.datetime
) -> None:
    """Write quants, and the opening inventory that explains them."""
    exemplars = {one.id: _inventory_rows(env, one) for one in setup.companies.values()}
    table = plan.copy()
    warehouses = setup.warehouses
    table["company_id"] = table["company"].map(
        {k: one.id for k, one in setup.companies.items()}
    )
    table["location_id"] = table["company"].map(
        {k: w.lot_stock_id.id for k, w in warehouses.items()}
    )
    table["opened"] = table["on_hand"] + table["used"]
    count = np.arange(len(table))
    for column, name in (
        ("move_id", "stock_move"),
        ("move_line_id", "stock_move_line"),
    ):
        table[column] = sql.next_id(env.cr, name) + count
    columns = ["company_id", "location_id", "product_id", "on_hand", "used", "opened",
               "move_id", "move_line_id"]  # fmt: skip
    sql.copy_frame(env.cr, "h_stock", table[columns])
    for company_id, exemplar in exemplars.items():
        _write_company(env.cr, company_id, exemplar, opening)
    _write_customer_quants(env)
    sql.fit_sequence(env.cr, ["stock_quant", "stock_move", "stock_move_line"])
    sql.analyze(env.cr, ["stock_quant", "stock_move", "stock_move_line"])
    env.invalidate_all(flush=False)


def _inventory_rows(env: Any, company: Any) -> dict[str, dict[str, Any]]:
    """The rows that an inventory count leaves behind, as the ORM makes them."""
    env = env(context=dict(env.context, allowed_company_ids=company.ids))
    rows = {}
    with undone(env):
        product = env["product.product"].create(
            {"name": "Exemplar", "is_storable": True}
        )
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        quant = (
            env["stock.quant"]
            .with_context(inventory_mode=True)
            .create(
                {
                    "product_id": product.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "inventory_quantity": 5,
                }
            )
        )
        quant.action_apply_inventory()
        env.flush_all()
        move = env["stock.move"].search([("product_id", "=", product.id)])
        for record in (quant, move, move.move_line_ids):
            rows[record._table] = sql.read_row(env.cr, record._table, record.id)
    return rows


def _write_company(
    cr: Any,
    company_id: int,
    rows: dict[str, dict[str, Any]],
    opening: datetime.datetime,
) -> None:
    when = f"'{opening:%Y-%m-%d %H:%M:%S}'::timestamp"
    stamp = {"create_date": when, "write_date": when}
    source = f"h_stock s WHERE s.company_id = {int(company_id)} AND s.opened > 0"
    quant = {
        "product_id": "s.product_id", "location_id": "s.location_id",
        "quantity": "s.on_hand",
        "in_date": when, **stamp,
    }  # fmt: skip
    there = f"{source} AND s.on_hand > 0"
    sql.clone(cr, "stock_quant", rows["stock_quant"], quant, there)
    move = {
        "id": "s.move_id", "product_id": "s.product_id", "product_qty": "s.opened",
        "product_uom_qty": "s.opened", "quantity": "s.opened", "date": when,
        "location_dest_id": "s.location_id", **stamp,
        "value": "s.opened * COALESCE("
        "(SELECT (standard_price->>s.company_id::text)::numeric "
        "FROM product_product WHERE id = s.product_id), 0)",
    }  # fmt: skip
    sql.clone(cr, "stock_move", rows["stock_move"], move, source)
    line = {
        "id": "s.move_line_id", "move_id": "s.move_id", "product_id": "s.product_id",
        "quantity": "s.opened", "quantity_product_uom": "s.opened", "date": when,
        "location_dest_id": "s.location_id", **stamp,
    }  # fmt: skip
    sql.clone(cr, "stock_move_line", rows["stock_move_line"], line, source)


def _write_customer_quants(env: Any) -> None:
    """What was delivered lies with the customers, as Odoo keeps the books."""
    env.cr.execute(
        """
        INSERT INTO stock_quant (
            product_id, location_id, quantity, reserved_quantity, in_date,
            create_uid, write_uid, create_date, write_date
        )
        SELECT product_id, %s, SUM(used), 0, now() AT TIME ZONE 'UTC', 1, 1,
               now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
          FROM h_stock GROUP BY product_id HAVING SUM(used) > 0
        """,
        [env.ref("stock.stock_location_customers").id],
    )


def make_receipts(
    env: Any, plan: pd.DataFrame, setup: Setup, today: datetime.date
) -> int:
    """Announce goods for the short products that sell most, with dates."""
    made = 0
    for number, company in setup.companies.items():
        short = plan[(plan["company"] == number) & plan["short"] & (plan["weekly"] > 0)]
        short = short.sort_values("weekly", ascending=False)
        limit = RECEIPTS * RECEIPT_LINES // (1 if number == 1 else 2)
        short = short.head(min(limit, int(len(short) * 0.6)))
        type_ = setup.warehouses[number].in_type_id
        supplier = env["res.partner"].create(
            {"name": f"{company.city} Produce Union", "is_company": True,
             "country_id": company.country_id.id, "supplier_rank": 1}
        )  # fmt: skip
        parts = [short.iloc[start::RECEIPTS] for start in range(RECEIPTS)]
        values = [
            _receipt(
                type_, supplier, part, today + datetime.timedelta(days=2 + 2 * position)
            )
            for position, part in enumerate(parts)
            if len(part)
        ]
        pickings = env["stock.picking"].with_company(company).create(values)
        pickings.action_confirm()
        made += len(pickings)
    return made


def _receipt(
    type_: Any, supplier: Any, part: pd.DataFrame, day: datetime.date
) -> dict[str, Any]:
    when = datetime.datetime.combine(day, datetime.time(8))
    source = type_.default_location_src_id or type_.env.ref(
        "stock.stock_location_suppliers"
    )
    place = {
        "location_id": source.id,
        "location_dest_id": type_.default_location_dest_id.id,
    }
    moves = [
        {
            "product_id": int(row.product_id),
            "product_uom_qty": float(
                max(np.ceil(row.weekly * 4 / row.sales_pack), 1) * row.sales_pack
            ),
            "date": when,
            "date_deadline": when,
            **place,
        }
        for row in rows(part)
    ]
    return {
        "picking_type_id": type_.id,
        "partner_id": supplier.id,
        "scheduled_date": when,
        "move_ids": [(0, 0, move) for move in moves],
        **place,
    }
