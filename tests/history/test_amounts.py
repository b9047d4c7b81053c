"""Rounding as Odoo rounds."""

import pandas as pd
import pytest
from history import amounts


@pytest.mark.parametrize(
    ("value", "rounded"),
    [(2.675, 2.68), (1.005, 1.01), (-2.675, -2.68), (0.0, 0.0), (2.3625, 2.36),
     (1e9 + 0.005, 1e9 + 0.01)],
)  # fmt: skip
def test_half_is_rounded_away_from_zero(value, rounded):
    assert amounts.round_half_up([value])[0] == pytest.approx(rounded, abs=1e-9)


def test_document_tax_is_the_rounded_sum_of_exact_taxes():
    lines = pd.DataFrame(
        {
            "line_id": [1, 2],
            "sale_id": [9, 9],
            "quantity": [12.12, 12.12],
            "price_unit": [12.12, 12.12],
            "discount": [0.0, 0.0],
            "rate": [1.0, 1.0],
        }
    )
    taxes = pd.DataFrame({"line_id": [1, 2], "tax_id": [5, 5], "percent": [23.0, 23.0]})
    lines = amounts.line_amounts(lines)
    documents = amounts.tax_amounts(lines, taxes)
    assert lines["total"].tolist() == [180.68, 180.68]
    assert documents["amount_currency"].tolist() == [67.57]
