"""The contract of the lists."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from recommend import (
    Columns,
    ConfigError,
    NotFittedError,
    Recommender,
    RecommenderConfig,
    UnknownResellerError,
)

KEYS = ["reseller", "product"]


def bought_pairs(orders: pd.DataFrame) -> set[tuple[object, object]]:
    return set(zip(orders["reseller"], orders["product"], strict=True))


def pairs(answer: pd.DataFrame) -> list[tuple[object, object]]:
    return list(zip(answer["reseller"], answer["product"], strict=True))


class TestAnswer:
    def test_columns_and_ranks(self, model: Recommender) -> None:
        answer = model.recommend(k=7)
        assert tuple(answer.columns) == Columns.ANSWER
        for _, lines in answer.groupby("reseller"):
            assert lines["rank"].tolist() == list(range(1, len(lines) + 1))
            assert lines["score"].is_monotonic_decreasing
            assert len(lines) == 7
        assert not answer.duplicated(KEYS).any()
        assert answer["probability"].between(0, 1).all()
        assert (answer["quantity"] > 0).all()

    def test_purposes(self, model: Recommender, orders: pd.DataFrame) -> None:
        bought = bought_pairs(orders)
        reorder = model.recommend(k=5, purpose="reorder")
        discover = model.recommend(k=5, purpose="discover")
        assert set(pairs(reorder)) <= bought
        assert not set(pairs(discover)) & bought
        assert set(reorder["kind"]) <= {"due", "forgotten"}
        assert set(discover["kind"]) == {"new"}

    def test_all_is_the_best_of_both(self, model: Recommender) -> None:
        both = pd.concat(
            [
                model.recommend([5], k=10, purpose="reorder"),
                model.recommend([5], k=10, purpose="discover"),
            ]
        )
        best = both.sort_values("score", ascending=False)["product"][:10]
        assert set(model.recommend([5], k=10)["product"]) == set(best)

    def test_at_most_two_new_variants_of_an_article(self, orders: pd.DataFrame) -> None:
        products = pd.DataFrame({"product": sorted(set(orders["product"]))})
        products["article"] = products["product"] % 4
        model = Recommender().fit(orders, products)
        answer = model.recommend(k=12)
        articles = answer["product"] % 4
        new = answer["kind"] == "new"
        assert answer[new].groupby(["reseller", articles[new]]).size().max() == 2
        # What was bought before is never held back.
        own = answer[~new].groupby(["reseller", articles[~new]]).size()
        assert own.max() > 2
        free = Recommender().fit(orders).recommend(k=12)
        assert set(pairs(answer[~new])) >= set(pairs(free[free["kind"] != "new"]))

    def test_lists_reach_k_when_k_is_large(self, model: Recommender) -> None:
        answer = model.recommend([5], k=1000)
        assert len(answer) == model.dataset_.n_products

    def test_forgotten_when_three_intervals_passed(self, orders: pd.DataFrame) -> None:
        late = pd.Timestamp(orders["date"].max()) + pd.Timedelta(days=400)
        answer = Recommender().fit(orders, as_of=late).recommend(purpose="reorder")
        assert (answer["kind"] == "forgotten").all()
        assert (answer["due_date"].dropna() < late).all()

    def test_due_date_follows_own_rhythm(self) -> None:
        dates = pd.date_range("2024-01-01", periods=9, freq="14D")
        rows = pd.DataFrame({"date": dates, "quantity": 3})
        rows["order"] = rows.index
        weekly = rows.assign(reseller="a", product="tea")
        once = rows[:1].assign(reseller="b", product="tea")
        answer = Recommender().fit(pd.concat([weekly, once])).recommend()
        due = answer.set_index("reseller")["due_date"]
        assert abs((due["a"] - dates[-1]).days - 14) <= 2
        assert pd.isna(due["b"])


class TestDeterminism:
    def test_same_when_rows_are_shuffled(
        self, model: Recommender, orders: pd.DataFrame
    ) -> None:
        shuffled = orders.sample(frac=1.0, random_state=1)
        expected = model.recommend().sort_values([*KEYS, "rank"], ignore_index=True)
        found = Recommender().fit(shuffled).recommend()
        found = found.sort_values([*KEYS, "rank"], ignore_index=True)
        pd.testing.assert_frame_equal(found, expected, rtol=0, atol=1e-6)

    def test_same_lists_years_later(
        self, orders: pd.DataFrame, model: Recommender
    ) -> None:
        later = orders.assign(date=orders["date"] + pd.Timedelta(days=2912))
        columns = ["reseller", "product", "rank", "probability", "quantity"]
        found = Recommender().fit(later).recommend()[columns]
        pd.testing.assert_frame_equal(found, model.recommend()[columns])

    def test_same_when_ids_are_renamed(
        self, model: Recommender, orders: pd.DataFrame
    ) -> None:
        named = orders.assign(
            reseller="r" + (997 * (orders["reseller"] + 3) % 1009).astype(str),
            product=(991 * (orders["product"] + 5) % 1013).astype(str),
        )
        answer = Recommender().fit(named).recommend()
        expected = model.recommend()
        expected["reseller"] = "r" + (997 * (expected["reseller"] + 3) % 1009).astype(
            str
        )
        expected["product"] = (991 * (expected["product"] + 5) % 1013).astype(str)
        columns = [*KEYS, "rank", "score", "kind", "quantity", "due_date"]
        order = ["reseller", "rank"]
        pd.testing.assert_frame_equal(
            answer[columns].sort_values(order, ignore_index=True),
            expected[columns].sort_values(order, ignore_index=True),
            rtol=0,
            atol=1e-6,
        )

    def test_nothing_after_as_of_matters(self, orders: pd.DataFrame) -> None:
        day = "2023-08-01"
        before = orders[orders["date"] <= day]
        expected = Recommender().fit(before, as_of=day).recommend()
        later = orders.assign(quantity=orders["quantity"] * 3)
        mixed = pd.concat([later[later["date"] > day], before])
        found = Recommender().fit(mixed, as_of=day).recommend()
        pd.testing.assert_frame_equal(found, expected)

    def test_same_for_one_as_among_all(self, model: Recommender) -> None:
        everyone = model.recommend()
        one = everyone[everyone["reseller"] == 11].reset_index(drop=True)
        pd.testing.assert_frame_equal(model.recommend([11]), one)

    def test_same_in_small_blocks(
        self, model: Recommender, orders: pd.DataFrame
    ) -> None:
        many = make_many(orders)
        small = RecommenderConfig(block_cells=100_000)
        expected = Recommender().fit(many).recommend(k=5)
        found = Recommender(small).fit(many).recommend(k=5)
        pd.testing.assert_frame_equal(found, expected, rtol=0, atol=1e-6)

    def test_unknown_columns_are_ignored(
        self, model: Recommender, orders: pd.DataFrame
    ) -> None:
        extra = orders.assign(colour="red", amount=3.0)
        expected = model.recommend([1, 2])
        found = Recommender().fit(extra).recommend([1, 2])
        pd.testing.assert_frame_equal(found, expected)


def make_many(orders: pd.DataFrame) -> pd.DataFrame:
    """The same resellers ten times over, each time a little thinner."""
    rng = np.random.default_rng(5)
    parts = [
        orders[rng.random(len(orders)) < 0.7].assign(
            reseller=orders["reseller"] + 1000 * copy
        )
        for copy in range(8)
    ]
    return pd.concat(parts, ignore_index=True)


class TestAssortment:
    def test_excluded_pairs_are_never_listed(self, model: Recommender) -> None:
        listed = model.recommend(k=5)
        answer = model.recommend(k=5, exclude=listed[KEYS])
        assert not set(pairs(answer)) & set(pairs(listed))
        assert answer.groupby("reseller").size().eq(5).all()

    def test_unknown_excluded_ids_are_ignored(self, model: Recommender) -> None:
        nobody = pd.DataFrame({"reseller": [-1], "product": [10**6]})
        pd.testing.assert_frame_equal(
            model.recommend(k=3, exclude=nobody), model.recommend(k=3)
        )

    def test_segment_gets_only_what_is_allowed(self, orders: pd.DataFrame) -> None:
        resellers = pd.DataFrame({"reseller": range(60)})
        resellers["segment"] = ["basic", "full", None] * 20
        allowed = pd.DataFrame({"segment": "basic", "product": [0, 3, 6]})
        model = Recommender().fit(orders, resellers=resellers)
        answer = model.recommend(k=30, allowed=allowed)
        basic = answer["reseller"] % 3 == 0
        assert set(answer["product"][basic]) <= {0, 3, 6}
        assert answer["product"][~basic].nunique() > 20

    def test_only_products_of_the_table(self, orders: pd.DataFrame) -> None:
        products = pd.DataFrame({"product": [1, 2, 3, 4, 999]})
        products["available"] = [True, False, True, True, True]
        answer = Recommender().fit(orders, products).recommend(k=30)
        assert set(answer["product"]) == {1, 3, 4}

    def test_quantity_fits_packs(self, orders: pd.DataFrame) -> None:
        products = pd.DataFrame({"product": range(40), "sales_pack": 6})
        products["min_quantity"] = 13
        answer = Recommender().fit(orders, products).recommend()
        assert (answer["quantity"] % 6 == 0).all()
        assert (answer["quantity"] >= 18).all()

    def test_one_giant_order_is_capped(self, orders: pd.DataFrame) -> None:
        first = orders[orders["reseller"] == 0].drop_duplicates("product")[:1]
        product = int(first["product"].iloc[0])
        others = orders[(orders["reseller"] != 0) | (orders["product"] != product)]
        giant = pd.concat([others, first.assign(quantity=70_000)])
        answer = Recommender().fit(giant).recommend([0], k=40, purpose="reorder")
        assert answer.set_index("product")["quantity"][product] < 500

    def test_new_products_in_the_resellers_own_size(self, orders: pd.DataFrame) -> None:
        one = orders["reseller"] == 0
        large = orders.assign(quantity=orders["quantity"].where(one, 50.0))
        small = large.assign(quantity=large["quantity"].mask(one, 1.0))
        answer = Recommender().fit(small).recommend([0, 1], purpose="discover")
        offered = answer.groupby("reseller")["quantity"].max()
        assert 0 < offered[0] < 10 < offered[1] == 50

    @pytest.mark.parametrize(
        ("taken", "said"),
        [
            ((9.0, 9.0, 9.0, 4.0, 4.0, 4.0), 4.0),  # later ones count more
            ((4.0, 4.0, 4.0, 4.0, 4.0, 90.0), 4.0),  # one giant does not
            ((12.0, 24.0), 24.0),
            ((2.0, 6.0, 8.0, 6.0), 6.0),
        ],
    )
    def test_what_was_taken_of_late(
        self, taken: tuple[float, ...], said: float
    ) -> None:
        dates = pd.date_range("2024-01-01", periods=len(taken), freq="14D")
        orders = pd.DataFrame({"date": dates, "quantity": taken})
        orders = orders.assign(reseller="r", product="p")
        orders["order"] = [f"r{place}" for place in range(len(taken))]
        assert Recommender().fit(orders).recommend()["quantity"].tolist() == [said]


class TestAsleep:
    @pytest.fixture
    def sleepy(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Product 3 is sold in the first 20 days only, for twenty months."""
        shifts = [
            orders.assign(date=orders["date"] + pd.Timedelta(days=300 * place))
            for place in range(2)
        ]
        both = pd.concat(shifts, ignore_index=True)
        both["order"] = both["order"] + "/" + (both["date"].dt.year.astype(str))
        first = both["date"] < both["date"].min() + pd.Timedelta(days=20)
        return both[(both["product"] != 3) | first]

    def test_what_nobody_buys_any_more_is_not_listed(
        self, sleepy: pd.DataFrame
    ) -> None:
        assert (sleepy["product"] == 3).any()
        answer = Recommender().fit(sleepy).recommend(k=40)
        assert 3 not in set(answer["product"])
        assert {2, 4} <= set(answer["product"])

    def test_where_few_buy_silence_says_nothing(self, sleepy: pd.DataFrame) -> None:
        once = sleepy.loc[sleepy["product"] == 3, "reseller"]
        few = sleepy[sleepy["reseller"].isin(once.drop_duplicates()[:8])]
        answer = Recommender().fit(few).recommend(purpose="reorder", k=40)
        assert (answer["product"] == 3).any()

    def test_what_was_sold_in_these_days_last_year_is(
        self, sleepy: pd.DataFrame
    ) -> None:
        last = sleepy["date"].max() - pd.Timedelta(days=364)
        extra = sleepy[sleepy["reseller"] < 6].drop_duplicates("reseller")
        extra = extra.assign(product=3, order="x" + extra["reseller"].astype(str))
        season = pd.concat([sleepy, extra.assign(date=last)])
        assert 3 in set(Recommender().fit(season).recommend(k=40)["product"])

    def test_a_company_that_sold_nothing_of_late_has_lists(
        self, orders: pd.DataFrame
    ) -> None:
        later = orders["date"].max() + pd.Timedelta(days=400)
        answer = Recommender().fit(orders, as_of=later).recommend(k=5)
        assert answer.groupby("reseller").size().eq(5).all()


class TestLittleData:
    def test_ten_resellers_fifty_orders(self, tiny: pd.DataFrame) -> None:
        answer = Recommender().fit(tiny).recommend(k=5)
        assert answer.groupby("reseller").size().eq(5).all()
        own = bought_pairs(tiny)
        first = answer[answer["rank"] == 1]
        assert np.mean([pair in own for pair in pairs(first)]) > 0.8
        assert answer["score"].max() < 0.97

    def test_what_was_bought_often_and_lately_comes_first(
        self, tiny: pd.DataFrame
    ) -> None:
        launched = tiny.drop_duplicates("reseller").assign(product=99, order="new")
        launched["date"] = tiny["date"].max()
        launched["order"] += launched["reseller"].astype(str)
        tiny = pd.concat([tiny, launched])
        lines = tiny.drop_duplicates(["order", "product"])
        age = (lines["date"].max() - lines["date"]).dt.days
        decayed = 0.5 ** (age / 60.0)
        count = decayed.groupby([lines["reseller"], lines["product"]]).sum()
        answer = Recommender().fit(tiny).recommend(purpose="reorder", k=12)
        assert (answer["product"] == 99).sum() == len(launched)
        for _, listed in answer.groupby("reseller"):
            counts = count[list(pairs(listed))].to_numpy()
            assert (np.diff(counts) < 1e-6).all()

    @pytest.mark.parametrize("purpose", ["all", "reorder", "discover"])
    def test_one_reseller(self, orders: pd.DataFrame, purpose: str) -> None:
        alone = orders[orders["reseller"] == 4]
        answer = Recommender().fit(alone).recommend(purpose=purpose, k=3)
        assert len(answer) == (0 if purpose == "discover" else 3)

    def test_one_product(self, orders: pd.DataFrame) -> None:
        alone = orders[orders["product"] == 0]
        answer = Recommender().fit(alone).recommend()
        assert set(answer["product"]) == {0}

    def test_one_line(self, orders: pd.DataFrame) -> None:
        answer = Recommender().fit(orders[:1]).recommend()
        assert len(answer) == 1

    def test_empty_answer_when_no_history(self, orders: pd.DataFrame) -> None:
        resellers = pd.DataFrame({"reseller": [1, 2]})
        for given in (None, resellers):
            answer = Recommender().fit(orders[:0], None, given).recommend()
            assert tuple(answer.columns) == Columns.ANSWER
            assert answer.empty

    def test_empty_answer_when_all_is_later(self, orders: pd.DataFrame) -> None:
        assert Recommender().fit(orders, as_of="2020-01-01").recommend().empty

    def test_cold_resellers_get_what_their_peers_buy(
        self, orders: pd.DataFrame
    ) -> None:
        resellers = pd.DataFrame({"reseller": range(63)})
        resellers["tier"] = ["gold", "silver", "bronze"] * 21
        resellers["country"] = "FR"
        model = Recommender().fit(orders, resellers=resellers)
        answer = model.recommend([60, 61, 62], k=6)
        assert answer.groupby("reseller").size().eq(6).all()
        assert set(answer["kind"]) == {"new"}
        for reseller, lines in answer.groupby("reseller"):
            assert (lines["product"] % 3 == reseller % 3).mean() >= 0.5
        assert model.recommend([60], purpose="reorder").empty


class TestParameters:
    def test_error_when_not_fitted(self) -> None:
        with pytest.raises(NotFittedError, match="Recommender"):
            Recommender().recommend()

    def test_error_when_purpose_is_unknown(self, model: Recommender) -> None:
        with pytest.raises(ConfigError, match=r"'purpose' is 'sell'.*reorder"):
            model.recommend(purpose="sell")

    @pytest.mark.parametrize("k", [0, -1, 2.5, True, "3"])
    def test_error_when_k_is_wrong(self, model: Recommender, k: object) -> None:
        with pytest.raises(ConfigError, match="'k'"):
            model.recommend(k=k)  # type: ignore[arg-type]

    def test_error_when_reseller_is_unknown(self, model: Recommender) -> None:
        with pytest.raises(UnknownResellerError, match="4711"):
            model.recommend([4711])

    def test_config_survives_json(self) -> None:
        config = RecommenderConfig(half_life_days=60, training_windows=(2, 1))
        assert RecommenderConfig.from_dict(config.to_dict()) == config

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("horizon_days", 0),
            ("half_life_days", float("nan")),
            ("n_own", "many"),
            ("min_buyers", 4),
            ("training_windows", []),
            ("training_windows", [1.5]),
            ("colour", 1),
        ],
    )
    def test_config_error_names_the_parameter(self, name: str, value: object) -> None:
        with pytest.raises(ConfigError, match=f"'{name}'"):
            RecommenderConfig.from_dict({name: value})
