"""Peers on histories small enough to be worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from recommend.dataset import Dataset
from recommend.history import History

from bench.quality.lines import best_lines, codes_of
from bench.quality.peers.ease import Ease, RecentEase
from bench.quality.peers.frequency import AllTimeBestsellers, OwnFrequency
from bench.quality.peers.neighbours import ProductNeighbours, UserNeighbours
from bench.quality.peers.tifu import TemporalFrequency
from bench.quality.peers.upcf import UserPopularity

WANTED = {"all": 3, "reorder": 3, "discover": 3}
PEERS = [
    AllTimeBestsellers,
    OwnFrequency,
    UserPopularity,
    TemporalFrequency,
    UserNeighbours,
    ProductNeighbours,
    Ease,
    RecentEase,
]


def make(baskets):
    """Build dataset and history of (reseller, day of January 2024, products)."""
    rows = [
        (reseller, product, f"{reseller}{day}", f"2024-01-{day:02d}", 1.0)
        for reseller, day, products in baskets
        for product in products
    ]
    columns = ["reseller", "product", "order", "date", "quantity"]
    data = Dataset.from_frames(pd.DataFrame(rows, columns=columns))
    sizes = data.n_resellers, data.n_products
    return data, History(data.purchases, *sizes, data.as_of)


@pytest.fixture
def shop():
    return make(
        [
            ("a", 1, "xy"),
            ("a", 8, "x"),
            ("a", 15, "x"),
            ("b", 2, "xz"),
            ("b", 9, "xz"),
            ("c", 3, "vw"),
            ("c", 20, "w"),
        ]
    )


def scores_of(method, shop, reseller):
    """Score by product id, of one reseller."""
    data, history = shop
    code = codes_of(np.array([reseller]), data.reseller_ids)
    scores = method.fit(history).scores(code)[0]
    return dict(zip(data.product_ids, scores, strict=True))


def test_own_frequency_counts_orders_and_lists_nothing_new(shop):
    scores = scores_of(OwnFrequency(), shop, "a")
    assert scores["x"] == 3
    assert scores["y"] == 1
    assert scores["z"] == -np.inf


def test_bestsellers_count_buyers_not_orders(shop):
    scores = scores_of(AllTimeBestsellers(), shop, "c")
    assert (scores["x"], scores["w"]) == (2, 1)


def test_user_popularity_adds_what_the_like_buy(shop):
    scores = scores_of(UserPopularity(r=2, q=1.0, alpha=0.5), shop, "a")
    # sim(a, b) = 1 / (sqrt(2) sqrt(2)); a's last two baskets hold x twice, y never.
    assert scores["x"] == pytest.approx(1.0 + 0.5 * 1.0)
    assert scores["z"] == pytest.approx(0.5)
    assert scores["y"] == -np.inf
    assert scores["v"] == -np.inf


def test_similarity_is_asymmetric(shop):
    shop = make([("a", 1, "x"), ("b", 2, "xyzu"), ("b", 5, "y")])
    to_b = scores_of(UserPopularity(r=9, q=1.0, alpha=1.0), shop, "a")
    to_a = scores_of(UserPopularity(r=9, q=1.0, alpha=0.0), shop, "a")
    # All of a's single product is in b; b's four are a quarter in a.
    assert to_b["z"] == pytest.approx(1.0 * 0.5)
    assert to_a["z"] == pytest.approx(0.25 * 0.5)


def test_temporal_frequency_fades_in_groups():
    shop = make([("a", day, products) for day, products in enumerate("xyzu", 1)])
    method = TemporalFrequency(k=1, m=2, r_b=0.5, r_g=0.1, alpha=1.0)
    scores = scores_of(method, shop, "a")
    # Two groups of two: mean in the group, then mean of the groups.
    assert scores["u"] == pytest.approx(1.0 / 2 / 2)
    assert scores["z"] == pytest.approx(0.5 / 2 / 2)
    assert scores["y"] == pytest.approx(0.1 / 2 / 2)
    assert scores["x"] == pytest.approx(0.05 / 2 / 2)


def test_first_group_has_the_rest():
    shop = make([("a", day, products) for day, products in enumerate("xyz", 1)])
    method = TemporalFrequency(k=1, m=2, r_b=1.0, r_g=1.0, alpha=1.0)
    scores = scores_of(method, shop, "a")
    assert scores["x"] == pytest.approx(1.0 / 2)
    assert scores["z"] == pytest.approx(0.5 / 2)


def test_temporal_frequency_takes_the_nearest_by_distance(shop):
    scores = scores_of(TemporalFrequency(k=1, m=1, alpha=0.0), shop, "a")
    assert scores["z"] > 0
    assert scores["w"] == -np.inf


def test_ease_equals_its_formula(shop):
    data, history = shop
    method = Ease(ridge=2.0, own=0.0).fit(history)
    # All of it is within a year.
    rows = np.log1p(history.matrix(history.pair_count).toarray())
    inverse = np.linalg.inv(rows.T @ rows + 2.0 * np.eye(data.n_products))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0.0)
    assert method.weights_ == pytest.approx(expected, abs=1e-5)


def test_user_neighbours_are_never_themselves(shop):
    data, history = shop
    method = UserNeighbours(k=2)
    method.fit(history)
    code = codes_of(np.array(["c"]), data.reseller_ids)
    assert method.others(code).max() == 0.0


def test_product_neighbours_speak_for_what_goes_together(shop):
    scores = scores_of(ProductNeighbours(), shop, "a")
    assert scores["z"] > 0
    assert scores["v"] == -np.inf


@pytest.mark.parametrize("peer", PEERS)
def test_lists_obey_purposes_and_products(shop, peer):
    data, history = shop
    products = np.ones(data.n_products, dtype=bool)
    products[codes_of(np.array(["x"]), data.product_ids)] = False
    everyone = np.arange(data.n_resellers)
    listed = peer().fit(history).lists(everyone, WANTED, products)
    assert products[listed.product].all()
    bought = history.positions(everyone)[listed.reseller, listed.product] >= 0
    assert bought[listed.purpose == 1].all()
    assert not bought[listed.purpose == 2].any()
    for purpose in range(3):
        for reseller in everyone:
            mine = (listed.purpose == purpose) & (listed.reseller == reseller)
            assert sorted(listed.rank[mine]) == list(range(1, mine.sum() + 1))


def test_popular_product_wins_a_tie():
    scores = np.array([[1.0, 1.0, 0.5]], dtype=np.float32)
    old = np.zeros((1, 3), dtype=bool)
    best = best_lines(scores, old, np.array([1, 0, 2]), {"all": 2})
    assert best["all"][1].tolist() == [1, 0]
    assert best["all"][2].tolist() == [1, 2]
