"""Windows strictly in time, metrics by hand, the engine ahead of the baselines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from histories import make_orders
from recommend import ConfigError, TimeSplit
from recommend.backtest import backtest
from recommend.baselines import Bestsellers, OwnRecent, OwnUsual
from recommend.dataset import Dataset
from recommend.history import History
from recommend.judgement import Judge
from recommend.metrics import brier_score, ndcg, recall


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    orders = make_orders(resellers=120, products=60, days=420, seed=2)
    return backtest(orders, cutoffs=2)


def test_windows_do_not_overlap() -> None:
    assert TimeSplit(days=7, cutoffs=3).split("2024-02-29") == [
        "2024-02-22",
        "2024-02-15",
        "2024-02-08",
    ]


def test_error_when_no_cutoff() -> None:
    with pytest.raises(ConfigError, match="'cutoffs'"):
        TimeSplit(cutoffs=0).split("2024-02-29")


def test_one_row_a_method_cutoff_and_purpose(table: pd.DataFrame) -> None:
    keys = ["method", "cutoff", "purpose"]
    assert not table.duplicated(keys).any()
    assert len(table) == 5 * 2 * 3  # no prices: not by turnover or margin
    assert (table["ndcg@10_se"].dropna() < 0.1).all()


def test_engine_beats_the_baselines(table: pd.DataFrame) -> None:
    mean = table[table["purpose"] == "all"].groupby("method")["ndcg@10"].mean()
    assert mean["engine"] > mean.drop("engine").max()


def test_same_when_the_window_is_scrambled() -> None:
    orders = make_orders(days=200)
    cutoff = orders["date"].max() - pd.Timedelta(days=28)
    late = orders["date"] > cutoff
    swapped = orders.copy()
    swapped.loc[late, "product"] = orders.loc[late, "product"].to_numpy()[::-1]
    first = backtest(orders, cutoffs=[cutoff])
    second = backtest(swapped, cutoffs=[cutoff])
    engine = first["method"] == "engine"
    np.testing.assert_allclose(
        first["expected"][engine], second["expected"][engine], atol=1e-6
    )
    assert first["ndcg@10"][0] > second["ndcg@10"][0]


def test_judged_are_those_who_bought_what_was_sold() -> None:
    orders = make_orders(days=200)
    data = Dataset.from_frames(orders)
    day = data.as_of - 28
    history = History(data.purchases, data.n_resellers, data.n_products, day)
    judge = Judge(history, data.purchases.between(day, data.as_of))
    cutoff = orders["date"].max() - pd.Timedelta(days=28)
    before = orders[orders["date"] <= cutoff]
    after = orders[orders["date"] > cutoff]
    sold = before.groupby("product")["reseller"].nunique()
    known = before.groupby("reseller")["date"].nunique()
    after = after[after["product"].isin(sold[sold >= 5].index)]
    judged = set(after["reseller"]) & set(known[known >= 3].index)
    assert set(data.reseller_ids[judge.resellers]) == judged


def test_baselines_list_what_they_say() -> None:
    orders = make_orders(days=200)
    data = Dataset.from_frames(orders)
    history = History(data.purchases, data.n_resellers, data.n_products, data.as_of)
    every = np.ones(data.n_products, dtype=bool)
    asked = np.array([0, 1, 2])
    for baseline in (Bestsellers(), OwnUsual(), OwnRecent()):
        listed = baseline.fit(history).lists(asked, {"all": 3, "discover": 2}, every)
        best = listed.chosen(listed.purpose == 0)
        assert best.rank.tolist() == [1, 2, 3] * 3
        new = listed.chosen(listed.purpose == 1)
        assert (new.pair < 0).all()
        assert len(new.rank) == (0 if isinstance(baseline, OwnUsual) else 6)
    edge = orders["date"].max() - pd.Timedelta(days=28)
    rows = orders[orders["date"] > edge]
    best_id = rows.groupby("product")["reseller"].nunique().idxmax()
    first = Bestsellers().fit(history).lists(asked, {"all": 1}, every).product[0]
    assert data.product_ids[first] == best_id


def test_metrics_of_an_empty_truth() -> None:
    hits = np.zeros((1, 3), dtype=bool)
    assert ndcg(hits, np.array([0])).tolist() == [0.0]
    assert recall(hits, np.array([0])).tolist() == [0.0]
    assert np.isnan(brier_score(np.empty(0), np.empty(0, dtype=bool)))


def test_what_styles_and_priorities_cost() -> None:
    orders = make_orders(resellers=80, days=300)
    names = sorted(set(orders["product"]))
    price = np.geomspace(1, 500, len(names))
    products = pd.DataFrame({"product": names, "price": price, "margin": price / 4})
    table = backtest(orders, products, cutoffs=1)
    everything = table[table["purpose"] == "all"].set_index("method")
    engine = everything.loc["engine"]
    most = engine["ndcg@10"] + engine["ndcg@10_se"]
    assert everything.loc["turnover", "ndcg@10"] <= most
    # A margin that is the same share of every price gives the same order.
    assert everything.loc["margin", "ndcg@10"] == everything.loc["turnover", "ndcg@10"]
    style = table[table["method"] == "style"].set_index("purpose")
    assert list(style.index) == ["safe", "balanced", "new"]
    assert style["new_share"].is_monotonic_increasing
    assert style["bought_share"].is_monotonic_decreasing
