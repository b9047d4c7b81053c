"""Each part from end to end on a made-up history; peers with libraries left out."""

import importlib.util
import json
from pathlib import Path

import pandas as pd
import pytest
from recommend import RecommenderConfig, features

from bench.quality.context import Context
from bench.quality.cost import measured
from bench.quality.data import Shop
from bench.quality.parts import (
    ablation,
    calibration,
    cold,
    compare,
    dates,
    demand,
    subsets,
    together,
)
from bench.quality.parts import quantity as quantities
from bench.quality.tables import markdown

_MADE_UP = Path(__file__).resolve().parents[1] / "recommend" / "histories.py"


@pytest.fixture(scope="module")
def shop():
    spec = importlib.util.spec_from_file_location("made_up_histories", _MADE_UP)
    histories = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(histories)
    orders = histories.make_orders()
    orders["date"] = orders["date"].astype("datetime64[s]")
    ids = sorted(orders["product"].unique())
    products = pd.DataFrame({"product": ids, "category": [f"c{i % 3}" for i in ids]})
    resellers = pd.DataFrame({"reseller": sorted(orders["reseller"].unique())})
    return Shop("made up", orders, products, resellers.assign(country="GB"))


@pytest.fixture
def run(shop):
    return Context(shop, shop.cutoffs(1), True, RecommenderConfig())


def shown(name, found):
    """Render a part as its table, as the command does."""
    assert json.loads(json.dumps(found))
    return markdown({"history": "h", "about": "a", "parts": {name: found}})


def test_peers(run, monkeypatch):
    simple = ("bestsellers of 28 days", "own frequency, recency-weighted, with fill")
    monkeypatch.setattr(compare, "SHORT", simple)
    found = compare.measure(run)
    assert len(found["rows"]) == 3 * 3
    judged = {(row["purpose"], row["judged"]) for row in found["rows"]}
    assert len(judged) == 3, "every method sees the same rows"
    means = {row["method"]: row["ndcg@10"] for row in found["rows"][::3]}
    gap = means["engine"] - means[simple[1]]
    same = [row for row in found["differences"] if row["method"] == simple[1]]
    assert same[0]["difference"] == pytest.approx(gap, abs=1e-9)
    assert "**ours**" in shown("peers", found)


@pytest.mark.parametrize(
    ("name", "part"),
    [("demand", demand), ("dates", dates), ("quantity", quantities)],
)
def test_parts_with_rows(run, name, part):
    found = part.measure(run)
    methods = [row["method"] for row in found["rows"]]
    assert any(method.startswith("engine") for method in methods)
    assert len(set(methods)) > 1
    assert "**ours**" in shown(name, found) or name == "demand"


def test_calibration_compares_the_same_lines(run):
    found = calibration.measure(run)
    counts = {}
    for row in found["rows"]:
        counts.setdefault(row["lines"], set()).add((row["count"], row["happened"]))
        assert 0.0 <= row["ece_mass"] <= 1.0
    assert all(len(found) == 1 for found in counts.values())


def test_held_out_resellers_and_products_are_unknown(run):
    cutoff = run.cutoffs[0]
    whole = run.split(cutoff)
    held = cold._held(whole.before.reseller_ids, 0)
    assert 0 < len(held) <= len(whole.before.reseller_ids) // 5 + 1
    every = [set(cold._held(whole.before.reseller_ids, fold)) for fold in range(5)]
    assert set.union(*every) == set(whole.before.reseller_ids)
    found = cold.measure(run)
    assert {row["new"] for row in found["rows"]} == {"reseller", "product"}
    assert shown("cold", found)


def test_subsets_count_those_below(run, monkeypatch):
    monkeypatch.setattr(subsets, "SIZES", (30,))
    monkeypatch.setattr(subsets, "SHORT_COUNT", 2)
    found = subsets.measure(run)
    below = sum(row["difference"] < 0 for row in found["rows"])
    assert found["summary"][0]["below"] == below
    assert shown("subsets", found)


def test_ablation_changes_what_it_names(run):
    found = ablation.measure(run)
    whole = [row for row in found["rows"] if row["without"] == "the whole"]
    assert all(row["difference"] == 0 for row in whole)
    assert shown("ablation", found)


def test_every_ablation_is_a_configuration():
    for changes in ablation.WITHOUT.values():
        RecommenderConfig.from_dict(changes)


def test_every_blank_feature_exists():
    for names in ablation.BLANK.values():
        assert features.columns_of(names)


def test_a_failing_child_says_why():
    def fail(clock):
        raise ValueError("what went wrong")

    with pytest.raises(RuntimeError, match="what went wrong"):
        measured(fail)


def test_a_child_is_timed():
    value, cost = measured(lambda clock: clock.time("fit", lambda: sum(range(10**6))))
    assert value == sum(range(10**6))
    assert cost["fit"] > 0
    assert cost["mb"] >= 0


def test_together(run):
    found = together.measure(run)
    rows = {row["method"]: row for row in found["rows"]}
    assert len(rows) == 4
    assert rows["list and complements"]["baskets"] > 10
    best, least = rows["list and complements"], rows["bestsellers of 28 days"]
    assert best["recall@10"] > least["recall@10"]
    assert all(0 <= row["hit@10"] <= 1 for row in rows.values())
    assert "What goes with an order" in shown("together", found)
