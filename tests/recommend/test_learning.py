"""The parts that learn find what is there to be learnt."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from histories import make_orders
from recommend import RecommenderConfig
from recommend.basket_ease import BasketEase
from recommend.calibration import PlattCalibrator
from recommend.dataset import Dataset
from recommend.features import FEATURES
from recommend.gate import choose
from recommend.history import History
from recommend.model import METHODS, Model, Sample
from recommend.neighbours import profile_matrix
from recommend.ranking import LogisticRanker, sigmoid
from recommend.sampling import drawn, spread
from recommend.training import Trainer
from recommend.trees import TreeRanker
from recommend.window_ridge import WindowRidge


def history_of(orders: pd.DataFrame) -> History:
    data = Dataset.from_frames(orders)
    return History(data.purchases, data.n_resellers, data.n_products, data.as_of)


@pytest.fixture(scope="module")
def history() -> History:
    return history_of(make_orders(resellers=50, products=30))


class TestWindowRidge:
    def test_is_the_ridge_of_the_formula(self, history: History) -> None:
        model = WindowRidge(windows=1, ridge=2.0).fit(history)
        before = History(
            history.purchases,
            history.n_resellers,
            history.n_products,
            history.day - 28,
        )
        rows = profile_matrix(before, 90.0).toarray()
        active = np.unique(before.order_reseller[before.order_day > before.day - 182])
        bought = np.zeros((history.n_resellers, history.n_products))
        after = history.purchases.between(history.day - 28, history.day)
        bought[after.reseller, after.product] = 1.0
        had = before.positions(np.arange(history.n_resellers)) >= 0
        x = rows[active]
        now = profile_matrix(history, 90.0).toarray()
        solved = now @ np.linalg.solve(x.T @ x + 2.0 * np.eye(x.shape[1]), x.T)
        everyone = np.arange(history.n_resellers)
        old = history.positions(everyone) >= 0
        scores = model.score(everyone, old)
        again = solved @ bought[active]
        first = solved @ np.where(had, 0.0, bought)[active]
        assert old.any() and not old.all()
        np.testing.assert_allclose(scores, np.where(old, again, first), atol=1e-4)

    def test_an_older_window_counts_less(self, history: History) -> None:
        everyone = np.arange(history.n_resellers)
        old = np.ones((history.n_resellers, history.n_products), dtype=bool)
        last = WindowRidge(windows=1).fit(history).score(everyone, old)
        both = [
            WindowRidge(windows=2, fading=days).fit(history).score(everyone, old)
            for days in (0.5, 1e9)
        ]
        np.testing.assert_allclose(both[0], last, atol=1e-4)
        assert np.abs(both[1] - last).max() > 0.05

    def test_dual_and_primal_agree(
        self, history: History, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everyone = np.arange(history.n_resellers)
        old = history.positions(everyone) >= 0
        primal = WindowRidge().fit(history).score(everyone, old)
        monkeypatch.setattr("recommend.window_ridge._MOST_PRIMAL", 0)
        dual = WindowRidge().fit(history).score(everyone, old)
        np.testing.assert_allclose(dual, primal, atol=1e-5)

    def test_without_a_past_window_nothing_is_scored(self) -> None:
        history = history_of(make_orders(resellers=5, products=14, days=20))
        old = history.positions(np.arange(5)) >= 0
        assert not WindowRidge().fit(history).score(np.arange(5), old).any()


class TestBasketEase:
    def test_is_ease_on_weighted_orders(self, history: History) -> None:
        days = history.purchases.day
        orders = np.unique(np.stack([history.purchases.reseller, days]), axis=1).T
        x = np.zeros((len(orders), history.n_products))
        for row, (reseller, day) in enumerate(orders):
            kept = (history.purchases.reseller == reseller) & (days == day)
            x[row, history.purchases.product[kept]] = 1.0
            age = history.day - day
            x[row] *= np.sqrt(2.0 ** (-age / 60.0) / np.sqrt(kept.sum()))
        inverse = np.linalg.inv(x.T @ x + 2.0 * np.eye(x.shape[1]))
        weights = -inverse / np.diag(inverse)
        np.fill_diagonal(weights, 0.0)
        profiles = profile_matrix(history, 90.0).toarray()
        model = BasketEase(half_life=60.0, ridge=2.0).fit(history)
        scores = model.score(np.arange(history.n_resellers))
        new = profiles == 0.0
        assert new.any()
        np.testing.assert_allclose(scores[new], (profiles @ weights)[new], atol=1e-4)

    def test_old_orders_are_not_looked_at(self, history: History) -> None:
        latest = BasketEase(half_life=1.0).fit(history).orders_
        assert latest.shape[0] == (history.order_day > history.day - 6).sum() > 0

    def test_looks_at_the_latest_orders(self, history: History) -> None:
        latest = BasketEase(rows=9).fit(history).orders_
        days = np.sort(history.order_day)[-9:]
        sizes = np.diff(latest.indptr)
        weight = np.exp2(-(history.day - days[::-1]) / 10.0) / np.sqrt(sizes)
        firsts = latest.data[latest.indptr[:-1]]
        np.testing.assert_allclose(firsts, np.sqrt(weight), rtol=1e-5)


class TestLogisticRanker:
    def test_rising_weights_reach_the_minimum_where_columns_are_alike(self) -> None:
        rng = np.random.default_rng(1)
        shared = rng.normal(-8.0, 1.0, 20_000)
        columns = [np.ones(20_000), shared, shared + rng.normal(0.0, 0.1, 20_000)]
        features = np.column_stack(columns).astype(np.float32)
        chance = sigmoid(8.0 + 1.5 * features[:, 1] - 0.5 * features[:, 2])
        bought = (rng.random(20_000) < chance).astype(np.float32)
        even = np.ones_like(bought)
        both = LogisticRanker(
            names=("constant", "a", "b"), prior={}, ridge=0.01, rising=("a", "b")
        ).fit(features, bought, even)
        # What falls is held at 0: the rest is as if it were not there.
        alone = LogisticRanker(names=("constant", "a"), prior={}, ridge=0.01)
        alone.fit(features[:, :2], bought, even)
        assert both.weights_[2] == 0.0
        np.testing.assert_allclose(both.weights_[:2], alone.weights_, rtol=1e-2)


class TestTreeRanker:
    def test_learns_what_no_straight_line_can(self) -> None:
        rng = np.random.default_rng(2)
        features = rng.normal(size=(20_000, 2)).astype(np.float32)
        bought = (features[:, 0] * features[:, 1] > 0).astype(np.float32)
        even = np.ones_like(bought)
        trees = TreeRanker().fit(features, bought, even)
        right = (trees.predict(features) > 0) == (bought > 0)
        assert right.mean() > 0.97

    def test_too_little_bought_is_refused(self) -> None:
        features = np.zeros((6000, 2), dtype=np.float32)
        bought = (np.arange(6000) < 2999).astype(np.float32)
        assert not TreeRanker.enough(bought)
        with pytest.raises(ValueError, match="3000 purchases"):
            TreeRanker().fit(features, bought, np.ones_like(bought))


def window_of(
    seed: int, *, frequent: bool, resellers: int = 400
) -> tuple[Sample, np.ndarray]:
    """Resellers with 40 own products each; a few bought, often or rarely bought."""
    rng = np.random.default_rng(seed)
    size = resellers * 40
    features = np.zeros((size, len(FEATURES)), dtype=np.float32)
    features[:, 0] = 1.0
    features[:, FEATURES.index("product_age")] = 5.0
    often = rng.normal(size=size).astype(np.float32)
    features[:, FEATURES.index("long")] = often
    features[:, FEATURES.index("frequency")] = np.exp(often)
    features[:, FEATURES.index("days_since")] = -often
    slope = 2.0 if frequent else -2.0
    bought = rng.random(size) < sigmoid(slope * often - 2.0)
    owners = np.repeat(np.arange(resellers), 40)
    basket = np.bincount(owners, weights=bought)[owners].astype(np.float32)
    even = np.ones(size, dtype=np.float32)
    return Sample(features, bought.astype(np.float32), even, basket), owners


@pytest.fixture(scope="module")
def learnt() -> tuple[Model, Sample]:
    sample, _ = window_of(1, frequent=True)
    return Model.learn([sample], RecommenderConfig(ridge=1.0)), sample


class TestGate:
    def test_keeps_the_best_where_nothing_changed(
        self, learnt: tuple[Model, Sample]
    ) -> None:
        windows = [window_of(seed, frequent=True) for seed in (2, 3)]
        method, quality = choose(*learnt, windows)
        assert method == METHODS[-1]
        assert set(quality) == set(METHODS)

    def test_goes_back_to_frequency_where_what_was_learnt_misleads(self) -> None:
        sample, _ = window_of(1, frequent=False)
        model = Model.learn([sample], RecommenderConfig(ridge=1.0))
        windows = [window_of(seed, frequent=True) for seed in (2, 3)]
        method, quality = choose(model, sample, windows)
        assert method == "frequency"
        assert quality["frequency"] > quality["ensemble"] + 0.1

    def test_too_few_resellers_are_not_judged(
        self, learnt: tuple[Model, Sample]
    ) -> None:
        sample, owners = window_of(2, frequent=True)
        few = Sample(
            sample.features[:40],
            sample.bought[:40],
            sample.weight[:40],
            sample.basket[:40],
        )
        assert choose(*learnt, [(few, owners[:40])]) == (METHODS[-1], {})

    def test_of_a_small_company_own_frequency_is_kept_where_few_are_judged(
        self,
    ) -> None:
        sample, _ = window_of(1, frequent=True, resellers=80)
        model = Model.learn([sample], RecommenderConfig(ridge=1.0))
        assert model.method == "hedged"
        windows = [window_of(seed, frequent=True, resellers=12) for seed in (2, 3)]
        assert choose(model, sample, windows) == ("frequency", {})

    def test_a_small_company_hedges_and_looks_at_nothing_richer(self) -> None:
        sample, _ = window_of(1, frequent=True, resellers=80)
        model = Model.learn([sample], RecommenderConfig(ridge=1.0))
        windows = [window_of(seed, frequent=True, resellers=80) for seed in (2, 3)]
        method, quality = choose(model, sample, windows)
        assert method == "hedged"
        assert set(quality) == {"frequency", "hedged"}

    @pytest.mark.parametrize("days", [560, 200])  # with a year to learn from, without
    def test_its_model_knows_nothing_of_the_windows_that_it_judges(
        self, monkeypatch: pytest.MonkeyPatch, days: int
    ) -> None:
        orders = make_orders(resellers=40, products=30, days=days)
        late = orders["date"] > orders["date"].max() - pd.Timedelta(days=84)
        changed = orders.copy()
        changed.loc[late, "product"] = orders.loc[late, "product"].to_numpy()[::-1]
        seen: list[tuple[Model, Sample]] = []

        def keep(model: Model, learnt: Sample, _windows: object) -> tuple[str, dict]:
            seen.append((model, learnt))
            return "logistic", {}

        monkeypatch.setattr("recommend.training.choose", keep)
        for one in (orders, changed):
            data = Dataset.from_frames(one)
            # Which are drawn, and in which order, depends on the whole history.
            trainer = Trainer(data, RecommenderConfig(negative_share=1.0))
            assert trainer.gate(data.as_of)[0] == "logistic"
        (first, sample), (second, again) = seen
        assert sample.bought.any()
        columns = (np.sort(one.features, axis=0) for one in (sample, again))
        np.testing.assert_allclose(*columns, atol=1e-5)
        for name in ("own", "new"):
            weights = (getattr(one, name).ranker.weights_ for one in (first, second))
            np.testing.assert_allclose(*weights, atol=1e-4)


class TestCalibrator:
    @pytest.fixture
    def window(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Log-odds, what was bought by them, and weights: each stands for two."""
        rng = np.random.default_rng(3)
        log_odds = rng.normal(-1.0, 1.5, size=20_000).astype(np.float32)
        bought = (rng.random(20_000) < sigmoid(log_odds)).astype(np.float32)
        return log_odds, bought, np.full(20_000, 2.0, dtype=np.float32)

    def test_who_is_too_sure_is_drawn_back(
        self, window: tuple[np.ndarray, np.ndarray, np.ndarray]
    ) -> None:
        log_odds, bought, weight = window
        line = PlattCalibrator().fit(2.0 * log_odds, bought, weight, 2.0 * log_odds)
        expected = sigmoid(log_odds)
        np.testing.assert_allclose(line.predict(2.0 * log_odds), expected, atol=0.02)

    def test_level_is_halfway_between_what_two_models_need(
        self, window: tuple[np.ndarray, np.ndarray, np.ndarray]
    ) -> None:
        log_odds, bought, weight = window
        earlier = log_odds + np.float32(0.8)  # expected more than was bought
        line = PlattCalibrator().fit(earlier, bought, weight, log_odds)
        expected = sigmoid(log_odds - 0.4)
        np.testing.assert_allclose(line.predict(log_odds), expected, atol=0.02)

    def test_where_everything_was_bought_nothing_is_certain(self) -> None:
        ones = np.ones(40, dtype=np.float32)
        line = PlattCalibrator().fit(ones, ones, ones, ones)
        assert 0.9 < line.predict(ones)[0] < 0.99
        assert line.predict(ones * np.float32(-2.0))[0] < 0.95


class TestHedge:
    def test_own_frequency_hands_out_what_was_learnt_in_its_own_order(self) -> None:
        window, owners = window_of(1, frequent=True, resellers=20)
        rng = np.random.default_rng(5)
        often = rng.integers(0, 9, 800).astype(np.float32)
        window.features[:, FEATURES.index("frequency")] = often
        popularity = rng.permutation(800).astype(np.float32)
        window.features[:, FEATURES.index("popularity")] = popularity
        model = Model.learn([window], RecommenderConfig(ridge=1.0))
        chances = model.using("frequency").chances(window.features, owners)
        expected = np.lexsort((-popularity, -often, owners))
        assert (np.lexsort((-chances, owners)) == expected).all()
        straight = model.using("logistic").chances(window.features, owners)
        assert not (np.lexsort((-straight, owners)) == expected).all()
        np.testing.assert_allclose(np.sort(chances), np.sort(straight), atol=1e-7)

    def test_stands_between_what_was_learnt_and_what_was_bought_often(self) -> None:
        rng = np.random.default_rng(5)
        window, owners = window_of(1, frequent=True, resellers=80)
        window.features[:, FEATURES.index("days_since")] = rng.normal(size=3200)
        late = window.features[:, FEATURES.index("days_since")]
        bought = (rng.random(3200) < sigmoid(2.0 * late - 2.0)).astype(np.float32)
        sample = Sample(window.features, bought, window.weight, window.basket)
        model = Model.learn([sample], RecommenderConfig(ridge=1.0))
        assert model.method == "hedged"
        straight = model.using("logistic").chances(window.features, owners)
        between = model.chances(window.features, owners)
        often = window.features[:, FEATURES.index("long")]

        def follows(chances: np.ndarray, feature: np.ndarray) -> float:
            return float(np.corrcoef(chances, feature)[0, 1])

        assert follows(straight, often) < 0.1 < 0.3 < follows(between, often)
        assert follows(straight, late) > 0.8 > follows(between, late) > 0.1
        for one in range(80):
            mine = owners == one
            handed, had = np.sort(between[mine]), np.sort(straight[mine])
            np.testing.assert_allclose(handed, had, atol=1e-7)


class TestSampling:
    def test_a_share_of_pairs_is_drawn_the_same_each_time(self) -> None:
        resellers, products = np.divmod(np.arange(100_000), 300)
        some = drawn(resellers, products, 0.25)
        assert some.mean() == pytest.approx(0.25, abs=0.01)
        assert (some == drawn(resellers, products, 0.25)).all()
        assert drawn(resellers, products, 1.0).all()

    def test_newcomers_replace_few(self) -> None:
        before = set(spread(np.arange(1000), 500))
        after = set(spread(np.arange(1010), 500))
        assert len(before & after) > 480
