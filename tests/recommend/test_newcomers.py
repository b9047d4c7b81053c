"""Products that nobody bought yet: listed by what they are like."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from histories import make_orders
from recommend import Recommender
from recommend.dataset import Dataset
from recommend.errors import InvalidValueError

HELD = [0, 4, 8]
"""One popular product of each taste: a product's taste is its id modulo 3."""


@pytest.fixture(scope="module")
def orders() -> pd.DataFrame:
    return make_orders(resellers=60, products=40, days=300, seed=11)


@pytest.fixture(scope="module")
def products() -> pd.DataFrame:
    ids = np.arange(40)
    table = pd.DataFrame({"product": ids, "category": ids % 3, "price": 2.0 + ids % 3})
    return table.assign(available=np.isin(ids, HELD))


@pytest.fixture(scope="module")
def model(orders: pd.DataFrame, products: pd.DataFrame) -> Recommender:
    known = orders[~orders["product"].isin(HELD)]
    return Recommender().fit(known, products)


def categories(products: pd.Series) -> pd.Series:
    return products.astype(int) % 3


class TestLists:
    def test_goes_to_those_who_buy_what_is_like_it(
        self, model: Recommender, orders: pd.DataFrame
    ) -> None:
        answer = model.recommend(k=1)
        taste = answer["reseller"].astype(int) % 3
        share = (taste == categories(answer["product"])).mean()
        assert share > 0.6  # a third by chance
        assert (answer["kind"] == "new").all()
        assert answer["quantity"].ge(1).all()
        assert answer["due_date"].isna().all()

    def test_beside_what_sells_it_comes_late(
        self, orders: pd.DataFrame, products: pd.DataFrame
    ) -> None:
        known = orders[~orders["product"].isin(HELD)]
        everything = products.assign(available=True)
        whole = Recommender().fit(known, everything).recommend(k=50)
        without = Recommender().fit(known).recommend(k=50)
        new = whole["product"].isin(HELD)
        assert new.any()
        assert whole.loc[new, "rank"].min() > 5
        for one in ("reseller", "product"):
            firsts = [
                frame.groupby("reseller").head(5)[one] for frame in (whole, without)
            ]
            assert firsts[0].tolist() == firsts[1].tolist()

    def test_says_what_it_is_like(
        self, model: Recommender, orders: pd.DataFrame
    ) -> None:
        answer = model.recommend(k=1)
        bought = set(zip(orders["reseller"], orders["product"], strict=True))
        told = []
        for line in answer.itertuples():
            for reason in line.reasons:
                assert reason["code"] == "alike"
                source = reason["params"]["product"]
                assert (line.reseller, source) in bought
                told.append(source % 3 == line.product % 3)
        assert len(told) > 30
        assert np.mean(told) > 0.9

    def test_falls_when_what_it_is_like_was_not_bought(
        self, model: Recommender, orders: pd.DataFrame, products: pd.DataFrame
    ) -> None:
        answer = model.recommend(k=3)
        lines = [line for line in answer.itertuples() if line.reasons][:5]
        known = orders[~orders["product"].isin(HELD)]
        for line in lines:
            source = line.reasons[0]["params"]["product"]
            gone = (known["reseller"] == line.reseller) & (known["product"] == source)
            again = Recommender().fit(known[~gone], products, as_of=known["date"].max())
            other = again.recommend([line.reseller], k=3).set_index("product")
            assert other.loc[line.product, "score"] < line.score

    def test_a_new_reseller_gets_new_products_too(
        self, orders: pd.DataFrame, products: pd.DataFrame
    ) -> None:
        known = orders[~orders["product"].isin(HELD)]
        resellers = pd.DataFrame({"reseller": [*range(60), 99], "tier": "A"})
        model = Recommender().fit(known, products, resellers)
        answer = model.recommend([99], k=3)
        assert set(answer["product"]) == set(HELD)
        assert answer["score"].gt(0).all()

    def test_names_tell_more_than_nothing(self, orders: pd.DataFrame) -> None:
        ids = np.arange(40)
        words = np.array(["red bag", "tea cup", "oak shelf"])
        table = pd.DataFrame({"product": ids, "name": words[ids % 3]})
        table["available"] = np.isin(ids, HELD)
        known = orders[~orders["product"].isin(HELD)]
        answer = Recommender().fit(known, table).recommend(k=1)
        taste = answer["reseller"].astype(int) % 3
        assert (taste == categories(answer["product"])).mean() > 0.6


class TestWhoIsANewcomer:
    def test_only_what_is_described_and_available(self, orders: pd.DataFrame) -> None:
        table = pd.DataFrame(
            {
                "product": [1, 100, 101, 102],
                "category": ["a", "a", None, "b"],
                "available": [True, True, True, False],
            }
        )
        data = Dataset.from_frames(orders, table)
        assert list(data.product_ids[data.newcomers.codes]) == [100]
        assert data.counts["new_products"] == 1
        assert data.counts["products"] == len(data.product_ids) - 1

    def test_none_without_a_table_or_orders(self, orders: pd.DataFrame) -> None:
        assert not len(Dataset.from_frames(orders).newcomers.codes)
        table = pd.DataFrame({"product": [1], "category": ["a"]})
        data = Dataset.from_frames(orders[:0], table, as_of="2024-01-01")
        assert not len(data.newcomers.codes)

    def test_at_most_a_thousand(self, orders: pd.DataFrame) -> None:
        table = pd.DataFrame({"product": np.arange(5000), "price": 1.0})
        assert len(Dataset.from_frames(orders, table).newcomers.codes) == 1000

    def test_weights_sum_to_one_over_sold_products(
        self, orders: pd.DataFrame, products: pd.DataFrame
    ) -> None:
        known = orders[~orders["product"].isin(HELD)]
        weights = Dataset.from_frames(known, products).newcomers.weights
        np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-5)
        assert weights[:, -3:].nnz == 0

    @pytest.mark.parametrize("price", ["cheap", float("inf")])
    def test_bad_prices_are_named(
        self, orders: pd.DataFrame, products: pd.DataFrame, price: object
    ) -> None:
        table = products.assign(price=products["price"].astype(object))
        table.loc[3, "price"] = price
        with pytest.raises(InvalidValueError, match="price"):
            Dataset.from_frames(orders, table)

    def test_same_lists_whatever_the_order_of_the_table(
        self, orders: pd.DataFrame, products: pd.DataFrame, model: Recommender
    ) -> None:
        known = orders[~orders["product"].isin(HELD)]
        turned = Recommender().fit(known, products.iloc[::-1])
        pd.testing.assert_frame_equal(model.recommend(k=3), turned.recommend(k=3))
