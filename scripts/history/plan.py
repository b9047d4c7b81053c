"""From a history's keys to database ids, and from a day to an order's days."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd

from history import recent
from history.frames import draw

LINE_COLUMNS = [
    "order",
    "sequence",
    "product_id",
    "uom_id",
    "uom_factor",
    "quantity",
    "price_unit",
    "discount",
    "name",
]
ORDER_COLUMNS = [
    "order",
    "company_id",
    "partner_id",
    "user_id",
    "asked_pricelist_id",
    "date_order",
    "delivered",
    "invoiced",
    "paid",
]
# Of the invoices of so many days, one in so many is paid late or never.
LATE_DAYS, OVERDUE = 120, 100


def lines_with_ids(
    env: Any, orders: pd.DataFrame, products: pd.DataFrame, accounts: pd.DataFrame
) -> pd.DataFrame:
    """Turn the history's lines into order lines with database ids.

    Quantities come in pieces; of a product sold by the dozen, whole dozens stay.
    """
    unit, dozen = (
        env.ref("uom.product_uom_unit").id,
        env.ref("uom.product_uom_dozen").id,
    )
    wanted = [
        "product",
        "product_id",
        "line_name",
        "code",
        "price",
        "sales_pack",
        "sold_by",
    ]
    lines = orders.merge(
        products[wanted], on="product", how="left", validate="many_to_one"
    )
    account = ["reseller", "company", "partner_id", "company_id", "user_id"]
    lines = lines.merge(
        accounts[account], on=["reseller", "company"], validate="many_to_one"
    )
    lines["pieces"] = lines["quantity"]
    in_dozens = (lines["sold_by"] == "dozen") & (lines["quantity"] % 12 == 0)
    lines["uom_factor"] = np.where(in_dozens, 12.0, 1.0)
    lines["uom_id"] = np.where(in_dozens, dozen, unit)
    lines["quantity"] = lines["pieces"] / lines["uom_factor"]
    amount = lines["amount"].fillna(lines["price"] * lines["pieces"])
    lines["price_unit"] = (amount / lines["quantity"]).round(2)
    lines["discount"] = 0.0
    lines["name"] = lines["line_name"]
    lines = lines.sort_values(["date", "order", "product_id"]).reset_index(drop=True)
    lines["sequence"] = 10 + lines.groupby("order").cumcount()
    return lines


def orders_with_days(lines: pd.DataFrame, today: datetime.date) -> pd.DataFrame:
    """One row an order: when it was ordered, delivered, invoiced, paid, how it ends.

    Goods leave within two days, the invoice follows them, the money within two
    weeks; nothing of it lies after yesterday or, if later, the last order.
    """
    heads = lines.groupby("order", sort=False).agg(
        company_id=("company_id", "first"),
        partner_id=("partner_id", "first"),
        user_id=("user_id", "first"),
        date_order=("date", "first"),
    )
    heads = heads.reset_index()
    yesterday = pd.Timestamp(today) - pd.Timedelta(hours=3)
    last = max(yesterday, lines["date"].max())
    heads["end"] = heads["order"].map(recent.choose(lines, yesterday))
    hours = pd.to_timedelta(
        np.floor(3 + 40 * draw(heads["order"], "delivery")), unit="h"
    )
    heads["delivered"] = (heads["date_order"] + hours).clip(upper=last)
    heads["invoiced"] = (heads["delivered"] + pd.Timedelta(hours=2)).clip(upper=last)
    days = pd.to_timedelta(np.floor(2 + 11 * draw(heads["order"], "payment")), unit="D")
    heads["paid"] = heads["invoiced"].dt.normalize() + days + pd.Timedelta(hours=10)
    fresh = heads["invoiced"] > last - pd.Timedelta(days=LATE_DAYS)
    late = fresh & (draw(heads["order"], "late") < 1 / OVERDUE)
    heads.loc[late | (heads["paid"] > last), "paid"] = pd.NaT
    heads["asked_pricelist_id"] = 0
    return heads
