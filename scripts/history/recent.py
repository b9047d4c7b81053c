"""Business that is not finished: orders of the last weeks, by the ORM.

The ORM takes about 40 ms for a line from quotation to invoice, so it gets the
orders that are still to be delivered or invoiced, and the open quotations.
"""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from history.frames import draw, rows

# How many orders end how, and how many days ago the first of them may be.
ENDS = (("open", 18, 4), ("partly", 4, 12), ("delivered", 5, 9))
QUOTATIONS, QUOTATION_LINES = 3, 8


def choose(orders: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """Say of each order how it ends: "finished" for all that are not recent.

    :param orders: one row a line; order, company, date.
    :return: order -> open, partly, delivered or finished.
    """
    heads = orders.groupby("order").agg(
        date=("date", "first"), lines=("product", "size")
    )
    result = pd.Series("finished", index=heads.index)
    usable = heads[heads["lines"].between(2, 18)]
    keys = pd.Series(usable.index, index=usable.index)
    usable = usable.assign(number=draw(keys, "recent")).sort_values("number")
    for kind, count, days in ENDS:
        since = end.normalize() - pd.Timedelta(days=days - 1)
        fresh = usable[(usable["date"] >= since) & (result[usable.index] == "finished")]
        if kind != "open":  # what was delivered was not ordered yesterday
            fresh = fresh[fresh["date"] < end.normalize() - pd.Timedelta(days=1)]
        result[fresh.index[:count]] = kind
    return result


def make_orders(env: Any, orders: pd.DataFrame, lines: pd.DataFrame) -> Any:
    """Create, confirm and partly deliver the orders that are not finished.

    :param orders: order, company_id, partner_id, user_id, date_order, end.
    :param lines: order, product_id, uom_id, quantity, price_unit, sequence.
    """
    made = env["sale.order"]
    for company_id in orders["company_id"].unique().tolist():
        mine = orders[orders["company_id"] == company_id]
        one = env(context=dict(env.context, allowed_company_ids=[company_id]))
        values = [_order_values(row, lines) for row in rows(mine)]
        new = one["sale.order"].create(values)
        new.action_confirm()
        for order, row in zip(new, rows(mine), strict=True):
            _set_dates(order, row.date_order.to_pydatetime())
            if row.end != "open":
                _deliver(order, row)
        made |= new.with_env(env)
    env.flush_all()
    _set_creation(env, made)
    return made


def _order_values(row: Any, lines: pd.DataFrame) -> dict[str, Any]:
    columns = {
        "product_id": "product_id",
        "uom_id": "product_uom_id",
        "quantity": "product_uom_qty",
        "price_unit": "price_unit",
        "sequence": "sequence",
    }
    mine = lines[lines["order"] == row.order][list(columns)].rename(columns=columns)
    return {
        "company_id": row.company_id,
        "partner_id": row.partner_id,
        "user_id": row.user_id or False,
        "date_order": row.date_order.to_pydatetime(),
        "order_line": [(0, 0, line) for line in mine.to_dict("records")],
    }


def _set_dates(order: Any, when: datetime.datetime) -> None:
    """Confirming stamps the present; the order is of its own day."""
    order.write({"date_order": when})
    planned = max(
        when + datetime.timedelta(days=3),
        datetime.datetime.now() + datetime.timedelta(hours=6),
    )
    for picking in order.picking_ids:
        picking.move_ids.write({"date": planned, "date_deadline": planned})


def _deliver(order: Any, row: Any) -> None:
    """Deliver all lines, or the first half of them; the rest stays a back order."""
    picking = order.picking_ids
    moves = picking.move_ids
    some = moves if row.end == "delivered" else moves[: max(1, len(moves) // 2)]
    for move in some:
        move.write({"quantity": move.product_uom_qty, "picked": True})
    context = {"skip_sms": True, "cancel_backorder": False, "skip_backorder": True}
    picking.with_context(**context)._action_done()
    picking.date_done = row.date_order.to_pydatetime() + datetime.timedelta(days=1)


def _set_creation(env: Any, orders: Any) -> None:
    """A quotation shows when it was made: not the second of the load."""
    env.cr.execute(
        "UPDATE sale_order SET create_date = date_order WHERE id = ANY(%s)",
        [orders.ids],
    )
    orders.invalidate_recordset(["create_date"])


def make_quotations(
    env: Any, accounts: pd.DataFrame, lines: pd.DataFrame, today: datetime.date
) -> Any:
    """A few open quotations for each salesperson, of products the reseller knows.

    :param accounts: company_id, partner_id, user_id.
    :param lines: company_id, partner_id, product_id, pieces.
    """
    made = env["sale.order"]
    for _user, mine in accounts[accounts["user_id"] > 0].groupby("user_id"):
        order = draw(mine["partner_id"].astype(str), "quotation").sort_values().index
        for position, row in enumerate(rows(mine.loc[order].head(QUOTATIONS))):
            own = {"allowed_company_ids": [int(row.company_id)]}
            quotations = env["sale.order"].with_context(**own)
            made |= quotations.create(_quotation_values(row, lines, position, today))
    made = made.with_env(env)
    made[QUOTATIONS - 1 :: QUOTATIONS].write({"state": "sent"})
    env.flush_all()
    _set_creation(env, made)
    return made


def _quotation_values(
    row: Any, lines: pd.DataFrame, position: int, today: datetime.date
) -> dict[str, Any]:
    """What a reseller buys most often, in its usual quantities."""
    mine = lines["partner_id"] == row.partner_id
    known = lines[mine & (lines["company_id"] == row.company_id)]
    often = known["product_id"].value_counts(sort=True)
    pieces = known.groupby("product_id")["pieces"].median()
    day = today - datetime.timedelta(days=1 + 3 * position)
    return {
        "company_id": row.company_id,
        "partner_id": row.partner_id,
        "user_id": row.user_id,
        "date_order": datetime.datetime.combine(day, datetime.time(9, 15 + position)),
        "order_line": [
            (0, 0, {"product_id": int(key), "product_uom_qty": float(pieces[key])})
            for key in often.index[: QUOTATION_LINES + position]
        ],
    }
