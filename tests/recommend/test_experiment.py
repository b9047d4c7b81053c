"""What is withheld, what takes its place, and what is made of it."""

from __future__ import annotations

import json
import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from histories import make_orders
from recommend import Recommender
from recommend.assortment import Assortment
from recommend.choice import Chooser
from recommend.command import main
from recommend.experiment import (
    PERIOD_DAYS,
    Stratum,
    is_drawn,
    pairs_needed,
    period_of,
    risk_difference,
    smallest_effect,
)
from recommend.priority import ValuePriority

LENGTHS = {"reorder": 5, "discover": 4}


def choose(model: Recommender, share: float, **options: Any) -> tuple[Any, Chooser]:
    chooser = Chooser(model.dataset_, options.pop("lengths", LENGTHS), share, **options)
    everything = Assortment.from_frames(model.dataset_)
    return model.make(chooser.wanted, everything, choose=chooser), chooser


def pairs_of(frame: pd.DataFrame) -> set[tuple[Any, Any]]:
    return set(zip(frame["reseller"], frame["product"], strict=True))


def test_one_in_twenty_is_drawn_and_stays_drawn() -> None:
    first = [is_drawn(r, p, 3, 0.05) for r in range(200) for p in range(100)]
    again = [is_drawn(str(r), f"{p}", 3, 0.05) for r in range(200) for p in range(100)]
    other = [is_drawn(r, p, 4, 0.05) for r in range(200) for p in range(100)]
    assert first == again
    assert sum(first) == pytest.approx(1000, abs=100)
    assert sum(other) == pytest.approx(1000, abs=100)
    both = sum(one and two for one, two in zip(first, other, strict=True))
    assert both == pytest.approx(50, abs=30)
    assert not any(is_drawn(r, 1, 3, 0.0) for r in range(1000))


def test_a_period_is_eight_weeks() -> None:
    start = 20_000 // PERIOD_DAYS * PERIOD_DAYS
    assert {period_of(start + day) for day in range(56)} == {period_of(start)}
    assert period_of(start + 56) == period_of(start) + 1


def test_next_product_takes_the_place(model: Recommender) -> None:
    plain, _ = choose(model, 0.0)
    listed, chooser = choose(model, 0.1)
    control = chooser.control
    withheld = control[control["arm"] == "withheld"]
    assert 0.05 < len(withheld) / len(control) < 0.15
    # Both arms together are what would have been listed.
    assert pairs_of(control) == pairs_of(plain)
    assert pairs_of(withheld).isdisjoint(pairs_of(listed))
    assert pairs_of(control) - pairs_of(withheld) <= pairs_of(listed)
    # Every list has its full length, without gaps.
    new = listed["kind"] == "new"
    assert (listed[new].groupby("reseller").size() == 4).all()
    for _, some in listed.groupby(["reseller", new]):
        assert sorted(some["rank"]) == list(range(1, len(some) + 1))


def test_no_list_becomes_empty(model: Recommender) -> None:
    plain, _ = choose(model, 0.0, lengths={"reorder": 1, "discover": 1})
    listed, chooser = choose(model, 0.5, lengths={"reorder": 1, "discover": 1})
    assert len(listed) == len(plain)
    # Where all candidates were drawn the first stays, and still counts as drawn.
    drawn = chooser.control[chooser.control["arm"] == "withheld"]
    assert pairs_of(drawn) & pairs_of(listed)


def test_a_product_that_is_alone_is_no_part_of_it(tiny: pd.DataFrame) -> None:
    orders = pd.DataFrame(
        {
            "reseller": np.repeat(np.arange(300), 2),
            "product": "tea",
            "order": np.arange(600),
            "date": ["2024-01-01", "2024-01-20"] * 300,
            "quantity": 1,
        }
    )
    listed, chooser = choose(Recommender().fit(orders), 0.5)
    assert len(listed) == 300
    assert chooser.control.empty


def test_lists_ordered_by_turnover_keep_the_likely_products() -> None:
    orders = make_orders(resellers=40, days=240)
    names = sorted(set(orders["product"]))
    price = [1000.0 if place % 7 == 0 else 1.0 for place in range(len(names))]
    products = pd.DataFrame({"product": names, "price": price})
    model = Recommender().fit(orders, products)
    plain, _ = choose(model, 0.0)
    order = ValuePriority("turnover").fit(model.dataset_, model.quantity_)
    listed, _ = choose(model, 0.0, priority=order)
    assert pairs_of(plain) <= pairs_of(listed)
    dear = set(products.loc[products["price"] > 1, "product"])

    def mean_rank(frame: pd.DataFrame) -> float:
        return float(frame.loc[frame["product"].isin(dear), "rank"].mean())

    assert mean_rank(listed) < mean_rank(plain)
    merged = plain.merge(listed, on=["reseller", "product"])
    assert (merged["score_x"] == merged["score_y"]).all()
    unknown = ValuePriority("margin").fit(model.dataset_, model.quantity_)
    same, _ = choose(model, 0.0, priority=unknown)
    assert not unknown.known
    assert pairs_of(same) == pairs_of(plain)


def test_the_command_writes_both_arms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = make_orders(resellers=40, days=240)
    orders.to_csv(tmp_path / "orders.csv", index=False)
    arguments = ["run", "--orders", str(tmp_path / "orders.csv"), "--no-backtest"]
    arguments += ["--as-of", "2023-08-29", "--out", str(tmp_path / "out")]
    assert main([*arguments, "--control-share", "0.05"]) == 0
    control = json.loads(capsys.readouterr().out)["control"]
    rows = pd.read_csv(tmp_path / "out" / "control.csv")
    assert control["rows"] == len(rows)
    assert control["withheld"] == (rows["arm"] == "withheld").sum() > 0
    assert list(rows.columns) == [
        *("reseller", "product", "rank", "probability", "kind", "arm")
    ]
    assert main(arguments) == 0
    assert json.loads(capsys.readouterr().out)["control"] is None
    assert not (tmp_path / "out" / "control.csv").exists()
    assert main([*arguments, "--control-share", "0.9"]) == 2


def test_interval_covers_the_truth_as_often_as_it_says() -> None:
    generator = random.Random(7)
    truth, covered, rounds = 0.02, 0, 400

    def draw(size: int, share: float) -> int:
        return sum(generator.random() < share for _ in range(size))

    for _ in range(rounds):
        strata = [
            Stratum(600, draw(600, p + truth), 40, draw(40, p)) for p in (0.05, 0.3)
        ]
        found = risk_difference(strata)
        assert found is not None
        covered += found.low <= truth <= found.high
    assert covered / rounds == pytest.approx(0.95, abs=0.04)


def test_nothing_to_say_without_both_arms() -> None:
    assert risk_difference([]) is None
    assert risk_difference([Stratum(50, 5, 0, 0)]) is None
    assert smallest_effect([Stratum(50, 5, 0, 0)]) is None
    assert pairs_needed(0.0, 0.0, 0.1, 0.05) == math.inf


def test_plan_and_smallest_effect_agree() -> None:
    pairs = pairs_needed(0.2, 0.16, 0.1, 0.05)
    shown, withheld = round(0.95 * pairs), round(0.05 * pairs)
    stratum = Stratum(shown, round(0.2 * shown), withheld, round(0.2 * withheld))
    found = smallest_effect([stratum])
    assert found == pytest.approx(0.02, rel=0.01)
