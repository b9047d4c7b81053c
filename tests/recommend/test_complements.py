"""What goes with what, against a count by hand."""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from histories import make_orders
from recommend.command import main
from recommend.complements import Complements
from recommend.dataset import Dataset
from recommend.history import History

WEIGHT = 5.0
PER_PRODUCT = 20


def complements_of(orders: pd.DataFrame, as_of: str | None = None) -> pd.DataFrame:
    data = Dataset.from_frames(orders, None, None, as_of)
    size = data.n_resellers, data.n_products
    history = History(data.purchases, *size, data.as_of)
    return Complements().fit(history, data.catalogue.listed).frame(data)


def baskets(*baskets: tuple[object, str, str]) -> pd.DataFrame:
    """Order lines of (reseller, day, products as letters)."""
    rows = [
        (str(reseller), product, f"{reseller}/{day}", day, 1.0)
        for reseller, day, products in baskets
        for product in products
    ]
    names = ["reseller", "product", "order", "date", "quantity"]
    return pd.DataFrame(rows, columns=names)


def pairs_of(found: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(found["product"], found["complement"], strict=True))


def noise(count: int = 60) -> list[tuple[object, str, str]]:
    """Orders of one other product each: they make chance small."""
    return [(f"n{one}", "2024-01-09", "z") for one in range(count)]


def test_figures_are_those_counted_by_hand(orders: pd.DataFrame) -> None:
    together: defaultdict[tuple[object, object], list[object]] = defaultdict(list)
    alone: defaultdict[object, int] = defaultdict(int)
    kept = orders[orders["date"] > orders["date"].max() - pd.Timedelta(days=365)]
    by_order = kept.groupby(["reseller", "date"])["product"]
    for (reseller, _day), products in by_order:
        for product in set(products):
            alone[product] += 1
        for pair in permutations(set(products), 2):
            together[pair].append(reseller)
    expected: defaultdict[object, list[tuple[float, object]]] = defaultdict(list)
    for (a, b), resellers in together.items():
        chance = alone[a] * alone[b] / len(by_order)
        lift = (len(resellers) + WEIGHT) / (chance + WEIGHT)
        if len(set(resellers)) >= 5 and lift > 1:
            share = len(resellers) / (alone[a] + WEIGHT)
            expected[a].append((share * math.log(lift), b))
    found = complements_of(orders)
    assert set(found["product"]) == set(expected)
    for product, rows in found.groupby("product"):
        best = sorted(expected[product], key=lambda one: -one[0])[:PER_PRODUCT]
        assert rows["score"].tolist() == pytest.approx(
            [score for score, _ in best], abs=1e-6
        )
        for row in rows.itertuples():
            resellers = together[product, row.complement]
            assert row.orders == len(resellers)
            assert row.resellers == len(set(resellers)) >= 5
    assert len(found) > 100


def test_nothing_below_five_resellers() -> None:
    four = [(r, f"2024-01-{d:02}", "ab") for r in range(4) for d in range(1, 9)]
    assert complements_of(baskets(*four, *noise())).empty
    fifth = complements_of(baskets(*four, (4, "2024-01-03", "ab"), *noise()))
    assert pairs_of(fifth) == {("a", "b"), ("b", "a")}
    assert fifth["resellers"].tolist() == [5, 5]
    assert fifth["orders"].tolist() == [33, 33]


def test_same_reseller_on_two_days_is_two_orders() -> None:
    apart = [(r, f"2024-01-0{1 + n}", p) for r in range(9) for n, p in enumerate("ab")]
    assert complements_of(baskets(*apart, *noise())).empty


def test_orders_of_more_than_a_year_ago_do_not_count() -> None:
    day = pd.Timestamp("2024-06-01")
    old = [(r, str((day - pd.Timedelta(days=365)).date()), "ab") for r in range(9)]
    new = [(r, str((day - pd.Timedelta(days=364)).date()), "cd") for r in range(9)]
    lines = baskets(*old, *new, *noise())
    assert pairs_of(complements_of(lines, str(day.date()))) == {("c", "d"), ("d", "c")}


def test_rare_coincidence_does_not_win() -> None:
    often = [(r, "2024-01-02", "ab") for r in range(30)]
    rare = [(r, "2024-01-03", "ax") for r in range(5)]
    found = complements_of(baskets(*often, *rare, *noise(400)))
    assert found[found["product"] == "a"]["complement"].tolist() == ["b", "x"]
    (lift,) = found[found["complement"] == "x"]["lift"]
    assert lift == pytest.approx((5 + WEIGHT) / (35 * 5 / 435 + WEIGHT), abs=1e-4)


def test_what_everybody_buys_with_everything_is_no_complement() -> None:
    milk = [(r, "2024-01-02", "m" + "abcdefgh"[r % 8]) for r in range(80)]
    assert complements_of(baskets(*milk)).empty


def test_ties_fall_to_what_more_resellers_buy() -> None:
    both = [(r, "2024-01-02", "axy") for r in range(8)]
    more = [(r, "2023-01-02", "y") for r in range(90, 99)]
    found = complements_of(baskets(*both, *more, *noise()), "2024-01-09")
    assert found[found["product"] == "a"]["complement"].tolist() == ["y", "x"]


def test_products_that_are_not_listed_are_none() -> None:
    lines = baskets(*[(r, "2024-01-02", "abc") for r in range(9)], *noise())
    products = pd.DataFrame({"product": list("abcz"), "available": [1, 0, 1, 1]})
    data = Dataset.from_frames(lines, products)
    history = History(data.purchases, data.n_resellers, data.n_products, data.as_of)
    found = Complements().fit(history, data.catalogue.listed).frame(data)
    assert pairs_of(found) == {("a", "c"), ("c", "a")}


def test_most_complements_of_a_product_are_twenty() -> None:
    letters = "abcdefghijklmnopqrstuvwxy"
    lines = baskets(*[(r, "2024-01-02", letters) for r in range(9)], *noise())
    assert complements_of(lines).groupby("product").size().tolist() == [20] * 25


def test_no_history_gives_no_rows() -> None:
    found = complements_of(make_orders()[:0])
    assert found.empty
    assert list(found.columns) == [
        *("product", "complement", "resellers", "orders", "lift", "score")
    ]


@pytest.mark.parametrize("size", [1, 97, 5000])
def test_blocks_of_any_size_give_the_same(
    size: int, orders: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = complements_of(orders)
    monkeypatch.setattr("recommend.complements._BLOCK_PAIRS", size)
    pd.testing.assert_frame_equal(complements_of(orders), whole)


def test_order_of_the_rows_does_not_matter(orders: pd.DataFrame) -> None:
    shuffled = orders.sample(frac=1.0, random_state=np.random.RandomState(3))
    pd.testing.assert_frame_equal(complements_of(shuffled), complements_of(orders))


def test_run_writes_them_with_their_check_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_orders().to_csv(tmp_path / "orders.csv", index=False)
    out = tmp_path / "out"
    paths = ["--orders", str(tmp_path / "orders.csv"), "--out", str(out)]
    arguments = ["run", *paths, "--as-of", "2023-10-28", "--no-backtest"]
    assert main(arguments) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])["complements"]
    data = (out / "complements.csv").read_bytes()
    assert said["sha256"] == hashlib.sha256(data).hexdigest()
    rows = pd.read_csv(out / "complements.csv")
    assert len(rows) == said["rows"] > 100
    assert rows["resellers"].min() >= 5
    # A run that fails leaves none of an older one behind.
    (tmp_path / "orders.csv").write_text("")
    assert main(arguments) == 2
    assert not (out / "complements.csv").exists()
