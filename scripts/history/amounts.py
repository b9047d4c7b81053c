"""What Odoo's tax engine says about an order, for all orders at once.

Holds for percentage taxes on top of the price, which the loader checks before.
With "round globally" a document's total is the rounded sum of exact lines; the
cents in which the rounded lines differ from it are spread over the lines, by
Odoo's own method, for the few orders that have such cents.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def round_half_up(values: Any, digits: int = 2) -> np.ndarray:
    """Round as ``odoo.tools.float_round`` does: half away from zero, with the
    same allowance for the representation of a float."""
    scaled = np.asarray(values, dtype=float) * 10**digits
    size = np.abs(scaled)
    with np.errstate(divide="ignore"):
        allowance = np.where(
            size > 0, 2.0 ** (np.log2(np.maximum(size, 1e-300)) - 50), 0
        )
    return np.sign(scaled) * np.floor(size + allowance + 0.5) / 10**digits


def line_amounts(lines: pd.DataFrame) -> pd.DataFrame:
    """Add the amounts that a line shows: they follow from the line alone.

    Reads quantity, price_unit, discount and rate (of the invoice's day).
    """
    exact = lines["price_unit"] * (1 - lines["discount"] / 100) * lines["quantity"]
    lines["exact"] = exact
    lines["subtotal"] = round_half_up(exact)
    lines["left_over"] = round_half_up(exact - lines["subtotal"])
    lines["amount_currency"] = lines["subtotal"]
    lines["exact_company"] = exact / lines["rate"]
    lines["balance"] = round_half_up(lines["exact_company"])
    return lines


def tax_amounts(lines: pd.DataFrame, taxes: pd.DataFrame) -> pd.DataFrame:
    """Add each line's own tax and give the tax rows of the documents.

    :param taxes: line_id, tax_id, rate in percent: a row per line and tax.
    :return: sale_id, tax_id, amount_currency, balance, base_balance.
    """
    rows = taxes.merge(
        lines[["line_id", "sale_id", "exact", "subtotal", "rate"]], on="line_id"
    )
    rows["tax"] = rows["exact"] * rows["percent"] / 100
    own = pd.Series(round_half_up(rows["tax"]), index=rows["line_id"])
    own = own.groupby(level=0).sum()
    lines["total"] = round_half_up(
        lines["subtotal"] + lines["line_id"].map(own).fillna(0)
    )
    rows["tax_company"] = rows["tax"] / rows["rate"]
    rows["base_company"] = rows["exact"] / rows["rate"]
    keys = ["sale_id", "tax_id"]
    document = rows.groupby(keys, as_index=False)[
        ["tax", "tax_company", "base_company"]
    ].sum()
    document["amount_currency"] = round_half_up(document.pop("tax"))
    document["balance"] = round_half_up(document.pop("tax_company"))
    document["base_balance"] = round_half_up(document.pop("base_company"))
    return document


def spread_cents(env: Any, lines: pd.DataFrame) -> None:
    """Bring the lines' journal amounts to their document's rounded total."""
    for exact, rounded in (("exact", "amount_currency"), ("exact_company", "balance")):
        sums = lines.groupby("sale_id")[[exact, rounded]].sum()
        delta = pd.Series(
            round_half_up(round_half_up(sums[exact]) - sums[rounded]), sums.index
        )
        delta = delta[delta != 0]
        positions = lines.index[lines["sale_id"].isin(delta.index)]
        for sale_id, rows in lines.loc[positions].groupby("sale_id", sort=False):
            parts = env["account.tax"]._distribute_delta_amount_smoothly(
                precision_digits=2,
                delta_amount=delta[sale_id],
                target_factors=[{"factor": value} for value in rows[exact]],
            )
            lines.loc[rows.index, rounded] += parts
