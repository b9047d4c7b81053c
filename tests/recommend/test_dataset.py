"""What the door lets in, and what it says about the rest."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from recommend import (
    ConfigError,
    InvalidValueError,
    MissingColumnError,
    MixedIdError,
    RecommendError,
)
from recommend.dataset import Dataset


@pytest.fixture
def lines() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "reseller": [1, 1, 2],
            "product": ["a", "b", "a"],
            "order": [10, 10, 11],
            "date": ["2024-01-01", "2024-01-01", "2024-01-09"],
            "quantity": [1.0, 2.0, 3.0],
        }
    )


@pytest.mark.parametrize("column", ["reseller", "product", "order", "date", "quantity"])
def test_error_names_the_missing_column(lines: pd.DataFrame, column: str) -> None:
    with pytest.raises(MissingColumnError, match=f"'orders' has no column '{column}'"):
        Dataset.from_frames(lines.drop(columns=column))


@pytest.mark.parametrize("value", ["many", None, np.nan, np.inf, -np.inf, ""])
def test_error_names_the_row_of_a_bad_quantity(
    lines: pd.DataFrame, value: object
) -> None:
    lines["quantity"] = lines["quantity"].astype(object)
    lines.loc[1, "quantity"] = value
    with pytest.raises(InvalidValueError, match=r"row 2, column .quantity.*finite"):
        Dataset.from_frames(lines)


@pytest.mark.parametrize("value", ["soon", None, "2024-13-01", "", 20240101])
def test_error_names_the_row_of_a_bad_date(lines: pd.DataFrame, value: object) -> None:
    lines["date"] = lines["date"].astype(object)
    lines.loc[2, "date"] = value
    with pytest.raises(InvalidValueError, match=r"row 3, column 'date'.*2024-01-31"):
        Dataset.from_frames(lines)


@pytest.mark.parametrize("column", ["reseller", "product"])
@pytest.mark.parametrize("kind", [object, "category"])
def test_error_names_the_row_of_an_empty_id(
    lines: pd.DataFrame, column: str, kind: str
) -> None:
    lines[column] = lines[column].astype(object)
    lines.loc[1, column] = None
    lines[column] = lines[column].astype(kind)
    with pytest.raises(InvalidValueError, match=f"row 2, column '{column}'"):
        Dataset.from_frames(lines)


def test_error_when_ids_are_of_two_kinds(lines: pd.DataFrame) -> None:
    lines["product"] = pd.Series(["a", 2, "a"], dtype=object)
    with pytest.raises(MixedIdError, match="number, text"):
        Dataset.from_frames(lines)


def test_error_when_tables_disagree_on_the_kind(lines: pd.DataFrame) -> None:
    resellers = pd.DataFrame({"reseller": ["1", "2"]})
    with pytest.raises(MixedIdError, match="'resellers'"):
        Dataset.from_frames(lines, resellers=resellers)


def test_error_when_a_product_stands_twice(lines: pd.DataFrame) -> None:
    products = pd.DataFrame({"product": ["a", "b", "a"]})
    with pytest.raises(InvalidValueError, match=r"row 3.*each id once"):
        Dataset.from_frames(lines, products)


@pytest.mark.parametrize(
    ("column", "value"), [("pack", -1), ("min_quantity", "six"), ("available", "maybe")]
)
def test_error_names_a_bad_attribute(
    lines: pd.DataFrame, column: str, value: object
) -> None:
    products = pd.DataFrame({"product": ["a", "b"], column: [None, value]})
    with pytest.raises(InvalidValueError, match=f"row 2, column '{column}'"):
        Dataset.from_frames(lines, products)


@pytest.mark.parametrize("value", ["tomorrow-ish", 5, True])
def test_error_when_as_of_is_no_date(lines: pd.DataFrame, value: object) -> None:
    with pytest.raises(ConfigError, match="'as_of'"):
        Dataset.from_frames(lines, as_of=value)


def test_error_when_orders_is_no_table() -> None:
    with pytest.raises(RecommendError, match="DataFrame"):
        Dataset.from_frames([1, 2])  # type: ignore[arg-type]


def test_counts_what_is_dropped(lines: pd.DataFrame) -> None:
    lines.loc[1, "quantity"] = -2.0
    data = Dataset.from_frames(lines, as_of="2024-01-05")
    assert data.counts["dropped_after_as_of"] == 1
    assert data.counts["dropped_nonpositive"] == 1
    assert data.counts["lines"] == data.counts["orders"] == 1
    assert data.n_resellers == data.n_products == 1


@pytest.mark.parametrize(
    "dates",
    [
        [datetime.date(2024, 1, day) for day in (1, 1, 9)],
        pd.to_datetime(["2024-01-01 23:59", "2024-01-01 00:00", "2024-01-09 08:00"]),
        pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-09"]).tz_localize(
            "Asia/Tokyo"
        ),
        pd.Categorical(["2024-01-01", "2024-01-01T09:00:00", "2024-01-09"]),
    ],
)
def test_dates_of_every_make(lines: pd.DataFrame, dates: object) -> None:
    expected = Dataset.from_frames(lines).purchases.day
    found = Dataset.from_frames(lines.assign(date=dates)).purchases.day
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "ids",
    [
        ["x", "x", "y"],
        [b"x", b"x", b"y"],
        [("be", 1), ("be", 1), ("be", 2)],
        pd.Categorical(["x", "x", "y"], categories=["unused", "y", "x"]),
        np.array([3, 3, 9], dtype=np.int8),
    ],
)
def test_ids_of_every_make(lines: pd.DataFrame, ids: object) -> None:
    named = lines.assign(reseller=pd.Series(ids))
    data = Dataset.from_frames(named)
    assert data.reseller_ids.tolist() == list(dict.fromkeys(named["reseller"]))


def test_lines_of_one_day_are_added_up(lines: pd.DataFrame) -> None:
    data = Dataset.from_frames(pd.concat([lines, lines]))
    bought = data.purchases
    pairs = zip(
        data.reseller_ids[bought.reseller],
        data.product_ids[bought.product],
        bought.quantity.tolist(),
        strict=True,
    )
    assert set(pairs) == {(1, "a", 2.0), (1, "b", 4.0), (2, "a", 6.0)}
