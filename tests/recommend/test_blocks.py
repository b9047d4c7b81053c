"""What is done in blocks, so that memory stays bounded, gives what one go gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow
import pytest
from histories import make_orders
from pyarrow import parquet
from recommend import InvalidValueError, Recommender, RecommenderConfig
from recommend.assortment import Assortment
from recommend.basket_ease import BasketEase
from recommend.dataset import Dataset
from recommend.evidence import PLACES, Evidence
from recommend.files import read_table, write_csv
from recommend.history import History
from recommend.neighbours import (
    ProductNeighbours,
    ResellerNeighbours,
    profile_matrix,
)
from recommend.sampling import active_resellers
from recommend.window_ridge import WindowRidge
from scipy import sparse

NEEDED = ("reseller", "product", "order", "date", "quantity")


def history_of(orders: pd.DataFrame) -> History:
    data = Dataset.from_frames(orders)
    return History(data.purchases, data.n_resellers, data.n_products, data.as_of)


@pytest.fixture(scope="module")
def history(orders: pd.DataFrame) -> History:
    return history_of(orders)


class TestFiles:
    @pytest.fixture
    def lines(self) -> pd.DataFrame:
        lines = make_orders(resellers=8, products=12)[list(NEEDED)]
        lines["product"] = lines["product"].map("{:03d}".format)
        return lines

    @pytest.mark.parametrize("kind", ["csv", "parquet"])
    def test_parts_make_the_whole(
        self,
        kind: str,
        lines: pd.DataFrame,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        path = tmp_path / f"orders.{kind}"
        if kind == "csv":
            lines.to_csv(path, index=False)
        else:
            lines.to_parquet(path)
        monkeypatch.setattr("recommend.files._CHUNK", 7)
        read = read_table(str(path), "orders", NEEDED)
        assert len(lines) > 70
        assert read["reseller"].tolist() == lines["reseller"].astype(str).tolist()
        assert read["product"].tolist() == lines["product"].tolist()
        assert read["quantity"].tolist() == lines["quantity"].tolist()
        assert pd.to_datetime(read["date"]).tolist() == lines["date"].tolist()

    def test_whole_numbers_beside_empty_cells_stay_whole(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        segments = {"reseller": range(5), "segment": [7, 8, 7, None, 8]}
        path = tmp_path / "resellers.parquet"
        parquet.write_table(pyarrow.table(segments), path)
        monkeypatch.setattr("recommend.files._CHUNK", 2)
        read = read_table(str(path), "resellers", [])
        assert read["segment"].isna().tolist() == [False, False, False, True, False]
        assert read["segment"].dropna().tolist() == ["7", "8", "7", "8"]

    @pytest.mark.parametrize(
        ("column", "value"), [("quantity", "two"), ("date", "soon"), ("product", "")]
    )
    def test_error_counts_rows_through_all_parts(
        self,
        column: str,
        value: str,
        lines: pd.DataFrame,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        lines = lines.astype(str)
        lines.loc[40, column] = value
        lines.to_csv(tmp_path / "orders.csv", index=False)
        monkeypatch.setattr("recommend.files._CHUNK", 7)
        read = read_table(str(tmp_path / "orders.csv"), "orders", NEEDED)
        with pytest.raises(InvalidValueError, match=rf"row 41, column '{column}'"):
            Dataset.from_frames(read)

    def test_no_file_when_a_part_cannot_be_made(self, tmp_path: Path) -> None:
        def parts() -> Iterator[pd.DataFrame]:
            yield pd.DataFrame({"a": [1]})
            raise MemoryError

        with pytest.raises(MemoryError):
            write_csv(parts(), tmp_path / "answer.csv")
        assert not list(tmp_path.iterdir())


class TestDataset:
    def test_codes_are_those_of_one_go(
        self, orders: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = Dataset.from_frames(orders)
        monkeypatch.setattr("recommend.canonical._BLOCK", 100)
        blocks = Dataset.from_frames(orders)
        assert len(orders) > 1000
        assert blocks.reseller_ids.tolist() == whole.reseller_ids.tolist()
        assert blocks.product_ids.tolist() == whole.product_ids.tolist()


class TestHistory:
    def test_orders_are_those_of_one_go(
        self, orders: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("recommend.history._BLOCK", 10)
        history = history_of(orders)
        rows = history.purchases
        lines = pd.DataFrame({"reseller": rows.reseller, "day": rows.day})
        days = lines.drop_duplicates().sort_values(["reseller", "day"])
        assert history.order_reseller.tolist() == days["reseller"].tolist()
        assert history.order_day.tolist() == days["day"].tolist()
        later = lines.groupby("reseller")["day"].rank("dense", ascending=False) - 1
        assert history.line_age.tolist() == later.tolist()

    def test_pairs(self, orders: pd.DataFrame) -> None:
        history = history_of(orders)
        rows = history.purchases
        pairs = pd.DataFrame(
            {"reseller": rows.reseller, "product": rows.product, "day": rows.day}
        ).groupby(["reseller", "product"])["day"]
        assert history.pair_count.tolist() == pairs.size().tolist()
        assert history.pair_first.tolist() == pairs.min().tolist()
        assert history.pair_last.tolist() == pairs.max().tolist()
        day = history.day - 60
        bought = history.bought_between(day, day + 28)
        inside = pairs.apply(lambda days: days.between(day + 1, day + 28).any())
        assert bought.tolist() == inside.tolist()

    def test_who_was_active_on_an_earlier_day(self) -> None:
        orders = make_orders(days=500)
        gone = (orders["reseller"] < 20) & (orders["date"] > "2023-03-01")
        history = history_of(orders[~gone])
        sizes = history.n_resellers, history.n_products
        found = set()
        for day in range(history.day - 480, history.day, 40):
            before = active_resellers(History(history.purchases, *sizes, day))
            assert active_resellers(history, day).tolist() == before.tolist()
            found.add(len(before))
        assert len(found) > 2


class TestNeighbours:
    def test_resellers_are_the_most_similar(self, history: History) -> None:
        model = ResellerNeighbours(n_neighbours=9).fit(history)
        rows = profile_matrix(history, 90.0).toarray()
        expected = largest(rows @ rows.T, 9)
        found = model.similar(np.arange(history.n_resellers)[::-1])[::-1]
        np.testing.assert_allclose(found.toarray(), expected, atol=1e-6)

    def test_products_are_the_most_alike(
        self, history: History, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("recommend.neighbours._BLOCK_CELLS", 300)
        model = ProductNeighbours(n_neighbours=9).fit(history)
        columns = profile_matrix(history, 90.0).toarray()
        columns /= np.linalg.norm(columns, axis=0)
        expected = largest(columns.T @ columns, 9)
        np.testing.assert_allclose(model.targets_.toarray(), expected, atol=1e-6)

    def test_equal_ones_stay_together(self) -> None:
        orders = make_orders(resellers=6)
        twins = [orders.assign(reseller=orders["reseller"] + 6 * n) for n in range(4)]
        history = history_of(pd.concat(twins, ignore_index=True))
        similar = ResellerNeighbours(n_neighbours=1).fit(history).similar(np.arange(24))
        assert (np.diff(similar.indptr) == 3).all()
        assert isinstance(similar, sparse.csr_matrix)
        assert similar.has_sorted_indices

    @pytest.mark.parametrize("most_primal", [0, 5000])
    def test_ridge_in_blocks(
        self, history: History, most_primal: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("recommend.window_ridge._MOST_PRIMAL", most_primal)
        everyone = np.arange(history.n_resellers)
        old = history.positions(everyone) >= 0
        whole = WindowRidge().fit(history).score(everyone, old)
        monkeypatch.setattr("recommend.solver._BLOCK_ROWS", 7)
        blocks = WindowRidge().fit(history).score(everyone, old)
        assert np.abs(whole).max() > 0.05
        np.testing.assert_allclose(blocks, whole, atol=1e-6)

    def test_baskets_in_blocks(
        self, history: History, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        everyone = np.arange(history.n_resellers)
        whole = BasketEase().fit(history).score(everyone)
        monkeypatch.setattr("recommend.basket_ease._BLOCK_COLUMNS", 7)
        blocks = BasketEase().fit(history).score(everyone)
        assert np.abs(whole).max() > 0.001
        np.testing.assert_allclose(blocks, whole, atol=1e-6)

    def test_places_among_new_products(self, history: History) -> None:
        block = Evidence(history, RecommenderConfig()).block(np.arange(6))
        rows, products = np.nonzero(block.pairs < 0)
        found = block.places("by_window", rows, products)
        cells = np.where(block.pairs < 0, np.maximum(block.by_window, 0.0), 0.0)
        higher = cells[rows] > cells[rows, products][:, None]
        expected = np.minimum(higher.sum(axis=1), PLACES)
        assert len(np.unique(expected)) > 10
        np.testing.assert_array_equal(found, expected)


def largest(cells: np.ndarray, count: int) -> np.ndarray:
    np.fill_diagonal(cells, 0.0)
    edge = np.sort(cells, axis=1)[:, [-count]]
    return np.where(cells >= edge - 1e-6, cells, 0.0)


class TestAnswer:
    def test_parts_make_the_answer(
        self, orders: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """In the same order, resellers without orders among the others."""
        resellers = pd.DataFrame({"reseller": np.arange(70.0) * 1.5 - 9})
        model = Recommender().fit(orders, resellers=resellers)
        assert model.dataset_.n_resellers > 60
        monkeypatch.setattr(Evidence, "block_size", lambda _self: 7)
        everything = Assortment.from_frames(model.dataset_)
        wanted = {"reorder": 5, "discover": 4}
        answer = model.make(wanted, everything)
        parts = list(model.parts(wanted, everything))
        assert len(parts) > 10
        assert parts[0].empty
        pd.testing.assert_frame_equal(
            pd.concat(parts[1:], ignore_index=True), answer, check_dtype=False
        )

    def test_a_part_stands_for_an_answer_without_lines(self) -> None:
        model = Recommender().fit(make_orders()[:0])
        everything = Assortment.from_frames(model.dataset_)
        parts = list(model.parts({"all": 3}, everything))
        assert [len(part) for part in parts] == [0]
        assert (
            parts[0].columns.tolist()
            == model.make({"all": 3}, everything).columns.tolist()
        )
