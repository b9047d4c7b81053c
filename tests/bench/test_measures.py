"""What the bench computes from lists and probabilities."""

import numpy as np
import pandas as pd
import pytest
from recommend.dataset import Dataset

from bench.quality.data import Shop, Split
from bench.quality.parts import calibration, demand, quantity
from bench.quality.tables import WRITERS
from bench.quality.truth import Truth, ndcg_by_reseller


def orders(rows):
    columns = ["reseller", "product", "order", "date", "quantity"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["date"] = pd.to_datetime(frame["date"])
    return frame


def test_calibration_error_is_zero_when_it_comes_true():
    chance = np.repeat([0.2, 0.8], 10)
    bought = np.tile([True, False, False, False, False], 4)
    bought[10:] = ~bought[10:]
    for bins in (calibration.equal_width, calibration.equal_mass):
        error = calibration.calibration_error(chance, bought, bins(chance))
        # Bins of equal mass hold two lines each and are off by chance.
        assert error == pytest.approx(0.0) or bins is calibration.equal_mass


def test_calibration_error_is_the_gap():
    chance, bought = np.full(100, 0.35), np.zeros(100, dtype=bool)
    bins = calibration.equal_width(chance)
    assert calibration.calibration_error(chance, bought, bins) == pytest.approx(0.35)


def test_bins_of_equal_mass_are_of_equal_size():
    bins = calibration.equal_mass(np.random.default_rng(1).random(1000))
    assert np.bincount(bins).tolist() == [100] * 10


def test_demand_errors():
    found = demand.errors(np.array([2.0, 0.0, 4.0]), np.array([1.0, 1.0, 4.0]))
    assert found["wape"] == pytest.approx(2 / 6)
    assert found["bias"] == pytest.approx(0.0)


def test_quantity_errors():
    found = quantity.errors(np.array([6.0, 12.0, 3.0]), np.array([6.0, 6.0, 6.0]))
    assert found["median_error"] == 0.5
    assert found["exact"] == pytest.approx(1 / 3)


def test_truth_finds_the_first_day_and_its_whole_quantity():
    known = orders([("a", "x", 1, "2024-01-01", 1.0), ("b", "y", 2, "2024-01-02", 1)])
    data = Dataset.from_frames(known)
    later = orders(
        [
            ("a", "y", 3, "2024-01-09", 5.0),
            ("a", "y", 4, "2024-01-05", 2.0),
            ("a", "y", 5, "2024-01-05", 3.0),
            ("new", "y", 6, "2024-01-05", 9.0),
        ]
    )
    truth = Truth(later, data)
    codes = {name: code for code, name in enumerate(data.product_ids)}
    place = truth.find(np.array([0]), np.array([codes["y"]]))
    assert len(truth.keys) == 1
    assert truth.quantity[place].tolist() == [5.0]
    assert truth.day[place].tolist() == [int(np.datetime64("2024-01-05").astype(int))]
    assert truth.find(np.array([1]), np.array([codes["y"]])).tolist() == [-1]


def test_ndcg_of_a_reseller_without_a_list_is_zero():
    keys = np.array([0 * 10 + 3, 1 * 10 + 4])
    one = np.array([0])
    judged, values = ndcg_by_reseller(keys, 10, one, np.array([3]), np.array([1]))
    assert judged.tolist() == [0, 1]
    assert values.tolist() == [1.0, 0.0]


def test_split_knows_nothing_of_the_window():
    rows = [
        (reseller, product, f"{reseller}{day}", f"2024-0{month}-{day:02d}", 1.0)
        for month in (1, 2, 3)
        for day in (1, 10, 20)
        for reseller in "abcdef"
        for product in ("x", "y" if month == 3 else "z")
    ]
    lines = orders(rows)
    table = pd.DataFrame({"product": ["x", "y", "z"]})
    shop = Shop("tiny", lines, table, pd.DataFrame({"reseller": list("abcdef")}))
    split = Split(shop, "2024-02-29")
    assert set(split.before.product_ids) == {"x", "z"}
    assert split.known["date"].max() <= pd.Timestamp("2024-02-29")
    assert split.judge.cold_products == 1
    assert len(split.judge.resellers) == 6


def test_every_part_has_a_writer():
    names = {"peers", "calibration", "demand", "quantity", "dates", "cold"}
    assert set(WRITERS) == names | {"subsets", "together", "ablation"}
