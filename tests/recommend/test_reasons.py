"""Reasons are true, and what they name is what lifted the product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from histories import make_orders
from recommend import Recommender, RecommenderConfig
from recommend.assortment import Assortment
from recommend.cold import ColdRanker
from recommend.dataset import Dataset
from recommend.lists import ListMaker
from recommend.training import Trainer

Line = tuple[Any, Any, float, dict[str, Any]]


@pytest.fixture(scope="module")
def many() -> pd.DataFrame:
    return make_orders(resellers=150, products=60, days=400, seed=11)


@pytest.fixture(scope="module")
def fitted(many: pd.DataFrame) -> Recommender:
    return Recommender().fit(many)


@pytest.fixture(scope="module")
def answer(fitted: Recommender) -> pd.DataFrame:
    return fitted.recommend_lists({"reorder": 8, "discover": 8})


def told(answer: pd.DataFrame, code: str) -> Iterator[Line]:
    found = 0
    columns = ("reseller", "product", "score", "reasons")
    for reseller, product, score, reasons in answer[list(columns)].itertuples(
        index=False
    ):
        for reason in reasons:
            if reason["code"] == code:
                found += 1
                yield reseller, product, score, reason["params"]
    assert found, f"no reason {code!r} in the whole answer"


def recent(orders: pd.DataFrame, days: int) -> pd.DataFrame:
    edge = orders["date"].max() - pd.Timedelta(days=days)
    return orders[orders["date"] > edge]


def near(fitted: Recommender, reseller: object) -> set[object]:
    ids = fitted.dataset_.reseller_ids
    place = np.flatnonzero(ids == reseller)
    row = fitted.evidence_.reseller_neighbours.similar(place)
    return {ids[neighbour] for neighbour in row.indices}


def own_gaps(orders: pd.DataFrame, reseller: object, product: object) -> list[int]:
    mine = (orders["reseller"] == reseller) & (orders["product"] == product)
    dates = pd.Series(orders.loc[mine, "date"].dt.normalize().unique()).sort_values()
    return sorted(int(days) for days in dates.diff().dt.days.dropna())


class TestShape:
    def test_at_most_three_strongest_first(self, answer: pd.DataFrame) -> None:
        for reasons in answer["reasons"]:
            assert len(reasons) <= 3
            weights = [reason["weight"] for reason in reasons]
            assert weights == sorted(weights, reverse=True)
            assert all(weight >= 0 for weight in weights)
            assert all(set(r) == {"code", "weight", "params"} for r in reasons)

    def test_products_bought_before_always_have_one(self, answer: pd.DataFrame) -> None:
        old = answer[answer["kind"] != "new"]
        assert old["reasons"].map(len).min() > 0

    @pytest.mark.parametrize("months_later", [0, 8])
    def test_an_interval_is_the_resellers_own(
        self, many: pd.DataFrame, months_later: int
    ) -> None:
        later = many["date"].max() + pd.Timedelta(days=30 * months_later)
        answer = Recommender().fit(many, as_of=later).recommend_lists({"reorder": 8})
        code = "forgotten" if months_later else "rhythm"
        for reseller, product, _score, params in told(answer, code):
            gaps = own_gaps(many, reseller, product)
            assert params["orders"] == len(gaps) + 1 >= 3
            assert params["interval_days"] == round(np.median(gaps))
            scatter = np.abs(np.log(np.array(gaps) / np.median(gaps))).mean()
            assert scatter <= np.log(2.0) + 1e-6

    def test_no_others_are_counted_below_five(self) -> None:
        few = make_orders(resellers=4, products=14, days=200)
        for reasons in Recommender().fit(few).recommend()["reasons"]:
            codes = {reason["code"] for reason in reasons}
            assert not codes & {"similar", "together", "popular"}

    def test_own_frequency_names_only_what_it_counts(self) -> None:
        few = make_orders(resellers=12, products=14, days=200)
        model = Recommender().fit(few)
        assert model.model_.method == "frequency"
        found = {"own": set(), "new": set()}
        for one in model.recommend(k=14).itertuples():
            kind = "new" if one.kind == "new" else "own"
            found[kind] |= {reason["code"] for reason in one.reasons}
        assert found["new"] == {"popular"}
        assert "usual" in found["own"] <= {"usual", "forgotten"}


class TestTruth:
    def test_own_figures(self, answer: pd.DataFrame, many: pd.DataFrame) -> None:
        today = many["date"].max()
        days = many.groupby(["reseller", "product"])["date"].agg(["nunique", "max"])
        for code in ("usual", "rhythm"):
            for reseller, product, _, params in told(answer, code):
                count, last = days.loc[(reseller, product)]
                assert params["orders"] == count
                assert params["days_since"] == (today - last).days

    def test_popular(self, many: pd.DataFrame) -> None:
        cold = Recommender().fit(many, resellers=pd.DataFrame({"reseller": [999]}))
        for _, product, _, params in told(cold.recommend([999]), "popular"):
            rows = recent(many, params["days"])
            buyers = rows.loc[rows["product"] == product, "reseller"].nunique()
            assert params["buyers"] == buyers >= 5

    def test_together(self, answer: pd.DataFrame, many: pd.DataFrame) -> None:
        rows = recent(many, 365)
        baskets = rows.groupby("product")["reseller"].agg(set)
        own = many.groupby("reseller")["product"].agg(set)
        for reseller, product, _, params in told(answer, "together"):
            both = baskets[product] & baskets[params["product"]]
            assert params["buyers"] == len(both) >= 5
            assert params["product"] in own[reseller]

    def test_similar(
        self, answer: pd.DataFrame, many: pd.DataFrame, fitted: Recommender
    ) -> None:
        bought = recent(many, 365).groupby("product")["reseller"].agg(set)
        for reseller, product, _, params in list(told(answer, "similar"))[:300]:
            peers = near(fitted, reseller)
            assert params["of"] == len(peers)
            assert params["buyers"] == len(peers & bought[product]) >= 5


class TestRemoval:
    """The model stays what it was; only the evidence is taken away."""

    def scores(self, fitted: Recommender, orders: pd.DataFrame) -> Callable[..., float]:
        data = Dataset.from_frames(orders, as_of=fitted.dataset_.as_of_date)
        evidence = Trainer(data, RecommenderConfig()).evidence(data.as_of)
        cold = ColdRanker().fit(evidence.history, data.peers)
        maker = ListMaker(
            evidence,
            fitted.model_,
            cold,
            Assortment(data.catalogue.listed),
            data.catalogue.article,
        )

        def score(reseller: object, product: object) -> float:
            place = np.flatnonzero(data.reseller_ids == reseller)
            for _, listed in maker.blocks(place, {"all": 1000}):
                ids = data.product_ids[listed.product]
                return float(listed.probability[ids == product].sum())
            return 0.0

        return score

    def test_fewer_own_orders_lower_a_usual_product(
        self, answer: pd.DataFrame, many: pd.DataFrame, fitted: Recommender
    ) -> None:
        for reseller, product, score, params in list(told(answer, "usual"))[:8]:
            mine = (many["reseller"] == reseller) & (many["product"] == product)
            if params["orders"] < 4:
                continue
            kept = many[~mine | (many["date"] == many["date"][mine].max())]
            assert self.scores(fitted, kept)(reseller, product) < score

    def test_fewer_buyers_lower_what_others_buy(
        self, answer: pd.DataFrame, many: pd.DataFrame, fitted: Recommender
    ) -> None:
        own = many.groupby("reseller")["product"].agg(set)
        changes = []
        for code in ("similar", "together"):
            lines = list(told(answer, code))
            for reseller, product, score, params in lines[:: len(lines) // 10]:
                edge = many["date"].max() - pd.Timedelta(days=params["days"])
                gone = (many["product"] == product) & (many["date"] > edge)
                if code == "similar":
                    gone &= many["reseller"].isin(near(fitted, reseller))
                else:
                    both = own.map(lambda has, other=params["product"]: other in has)
                    gone &= many["reseller"].isin(own.index[both])
                after = self.scores(fitted, many[~gone])(reseller, product)
                changes.append(after / score - 1)
        # With the buyers of a whole year, the product's trend and season go, too: that
        # can lift it here and there.
        assert len(changes) >= 20
        assert np.mean(np.array(changes) < 0) >= 0.9
        assert np.median(changes) < -0.5
