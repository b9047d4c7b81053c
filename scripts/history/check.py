"""Check a history file and put it into the loader's shape: ``python -m history.check``.

What the file does not say stays neutral: products are called by their ids, cost
nothing and belong to one category; resellers have no tier and no address.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

import pandas as pd

from history import frames, source
from history.frames import History, draw, rows

SALESPEOPLE = ("sales1", "sales2")


def subtract_returns(lines: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Take each return off the same reseller's latest purchases of the product.

    :return: the lines that are left, and the pieces returned that nobody bought.
    """
    lines = lines.sort_values("date", kind="stable").reset_index(drop=True)
    keys = ["reseller", "product"]
    back = lines[lines["quantity"] < 0]
    if back.empty:
        return lines, 0.0
    quantity = lines["quantity"].to_numpy(copy=True)
    bought: dict[tuple[str, str], list[int]] = {}
    touched = pd.MultiIndex.from_frame(back[keys].drop_duplicates())
    mine = pd.MultiIndex.from_frame(lines[keys]).isin(touched)
    unknown = 0.0
    for row in rows(lines[mine]):
        stack = bought.setdefault((row.reseller, row.product), [])
        if row.quantity > 0:
            stack.append(row.Index)
            continue
        left = -row.quantity
        while left > 0 and stack:
            taken = min(left, quantity[stack[-1]])
            quantity[stack[-1]] -= taken
            left -= taken
            if quantity[stack[-1]] == 0:
                stack.pop()
        unknown += left
    lines["amount"] *= quantity / lines["quantity"]
    lines["quantity"] = quantity
    return lines[lines["quantity"] > 0].reset_index(drop=True), unknown


def _merged(lines: pd.DataFrame) -> pd.DataFrame:
    """One line a product and order; an order has one day, its first."""
    lines = lines.assign(date=lines.groupby("order")["date"].transform("min"))
    keys = ["reseller", "order", "date", "product"]
    sums = lines.groupby(keys, sort=False)
    table = sums.agg(quantity=("quantity", "sum"), amount=("amount", _sum_if_known))
    table = table.reset_index()
    table["company"] = 1
    return table[frames.ORDER_COLUMNS]


def _sum_if_known(amounts: pd.Series) -> float:
    return amounts.sum() if amounts.notna().all() else float("nan")


def _last(
    lines: pd.DataFrame, key: str, column: str, otherwise: pd.Series
) -> pd.Series:
    """The last thing the file says about each key."""
    if column not in lines:
        return otherwise
    said = lines[lines[column] != ""].drop_duplicates(key, keep="last")
    return (
        otherwise.index.to_series().map(said.set_index(key)[column]).fillna(otherwise)
    )


def _products(lines: pd.DataFrame) -> pd.DataFrame:
    keys = pd.Index(sorted(lines["product"].unique()), name="product")
    names = pd.Series("Product " + keys, index=keys)
    price = (lines["amount"] / lines["quantity"]).groupby(lines["product"]).median()
    table = pd.DataFrame(
        {
            "code": pd.Series(keys, index=keys),
            "name": _last(lines, "product", "product_name", names),
            "category": _last(
                lines, "product", "category", pd.Series("Goods", index=keys)
            ),
            "price": price.reindex(keys).fillna(1.0).round(2),
        }
    )
    table["category"] = table["category"].str.replace(r"\s*[/>]\s*", " / ", regex=True)
    table["category"] = table["category"].str.split(" / ").str[:2].str.join(" / ")
    return table.assign(cost=0.0, sales_pack=1, sold_by="unit").reset_index()


def _resellers(lines: pd.DataFrame) -> pd.DataFrame:
    keys = pd.Index(sorted(lines["reseller"].unique()), name="reseller")
    names = pd.Series("Reseller " + keys, index=keys)
    table = pd.DataFrame({"name": _last(lines, "reseller", "reseller_name", names)})
    for column in ("street", "city", "zip", "state", "country", "email", "phone"):
        table[column] = _last(lines, "reseller", column, pd.Series("", index=keys))
    table = table.reset_index()
    number = (draw(table["reseller"], "salesperson") * len(SALESPEOPLE)).astype(int)
    table["salesperson"] = [SALESPEOPLE[one] for one in number]
    return table.assign(tier="", company=1)


def to_history(lines: pd.DataFrame) -> tuple[History, float]:
    """Bring checked lines into the loader's shape.

    :return: the history, and the pieces returned that nobody bought.
    """
    kept, unknown = subtract_returns(lines)
    if kept.empty:
        raise ValueError(
            "Everything in the file was returned: there is nothing to load."
        )
    resellers = _resellers(kept)
    accounts = resellers[frames.ACCOUNT_COLUMNS]
    return History(_merged(kept), _products(kept), resellers, accounts), unknown


def main() -> None:
    """Refuse the file, with exit code 1 and the reasons, or write the tables."""
    parser = argparse.ArgumentParser(prog="history.check", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for the tables")
    options = parser.parse_args()
    try:
        lines = source.read(options.file, datetime.date.today())
        history, unknown = to_history(lines)
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    frames.write(history, options.out, invented=False)
    print(history.summary())
    if unknown:
        print(f"Returned without having been bought, left out: {unknown:,.0f} pieces")


if __name__ == "__main__":
    main()
