"""How right the numbers beside a listed product are: ``python -m bench.answers``.

At each cut-off the lists of everybody with three or more orders are held against the
28 days that followed:

- probability: expected calibration error (ten bins of equal width, and of equal size)
  and Brier score, beside own frequency turned into a chance by isotonic regression on
  the window before (Zadrozny & Elkan 2002);
- demand: the sum of the chances by product against the number of buyers, as weighted
  absolute percentage error, beside the buyers of the 28 days before;
- quantity: median relative error where the product was bought, beside "as last time";
- date: share of the bought that came within seven days of it, beside the own mean
  interval; dates that have passed count as the first day of the window.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from recommend import Recommender, RecommenderConfig
from recommend.assortment import Assortment
from recommend.dataset import Dataset, Purchases
from recommend.history import History
from recommend.judgement import Judge, day_text
from recommend.lists import Listed, ListMaker
from recommend.rhythm import NO_DAY
from sklearn.isotonic import IsotonicRegression

from .report import table

_Reals = npt.NDArray[np.float64]
WINDOW = 28
BINS = 10
LINES = 20
EVERY_CANDIDATE = 400
NEAR = 7
HEADS = (
    "cut-off",
    "ECE width",
    "ECE size",
    "Brier",
    "own frequency",
    "WAPE",
    "as before",
    "quantity",
    "as last time",
    "± 7 days",
    "own mean",
    "with date",
)


def read_orders(path: Path) -> pd.DataFrame:
    """Read Online Retail II as order lines, without credit notes."""
    frame = pd.read_parquet(path)
    frame = frame[~frame["cancel"].astype(bool)]
    return pd.DataFrame(
        {
            "reseller": frame["customer"],
            "product": frame["product"].astype(str),
            "order": frame["basket"].astype(str),
            "date": pd.to_datetime(frame["date"]).dt.normalize(),
            "quantity": frame["quantity"],
        }
    )


@dataclass(frozen=True)
class Window:
    """A fitted engine, and what was bought in the days after.

    Attributes
    ----------
    model
        Fitted on what ended before the window.
    judge
        Whose lists count, and which products.
    after
        Purchases of the window, in the codes of the model's history.
    """

    model: Recommender
    judge: Judge
    after: Purchases

    @classmethod
    def at(cls, orders: pd.DataFrame, day: pd.Timestamp) -> Window:
        """Learn from the orders up to a day."""
        end = day + pd.Timedelta(days=WINDOW)
        whole = Dataset.from_frames(orders, as_of=str(end.date()))
        start = whole.as_of - WINDOW
        known = Dataset(
            whole.purchases.up_to(start),
            whole.reseller_ids,
            whole.product_ids,
            whole.catalogue,
            whole.peers,
            start,
        )
        after = whole.purchases.between(start, whole.as_of)
        model = Recommender(RecommenderConfig()).fit_dataset(known)
        return cls(model, Judge(model.evidence_.history, after), after)

    @property
    def history(self) -> History:
        """What was known."""
        return self.model.evidence_.history

    def lists(self, wanted: dict[str, int]) -> Listed:
        """List for everybody who is judged."""
        maker = ListMaker(
            self.model.evidence_,
            self.model.model_,
            self.model.cold_,
            Assortment(self.judge.products),
            self.model.dataset_.catalogue.article,
        )
        parts = maker.blocks(self.judge.eligible, wanted)
        return Listed.joined([listed for _, listed in parts])

    def bought(self, listed: Listed) -> pd.DataFrame:
        """Give the first purchase of each line in the window, empty where none."""
        frame = pd.DataFrame(
            {
                "reseller": self.after.reseller,
                "product": self.after.product,
                "day": self.after.day,
                "quantity": self.after.quantity,
            }
        )
        first = frame.sort_values("day").drop_duplicates(["reseller", "product"])
        lines = pd.DataFrame({"reseller": listed.reseller, "product": listed.product})
        return lines.merge(first, how="left", on=["reseller", "product"])


def calibration_error(chance: _Reals, bought: _Reals, bins: list) -> float:
    """Return the mean distance of chance and share over groups of lines."""
    total = 0.0
    for group in bins:
        if len(group):
            total += len(group) * abs(chance[group].mean() - bought[group].mean())
    return total / len(chance)


def reliability(chance: _Reals, bought: _Reals) -> dict[str, float]:
    """Return calibration errors and Brier score."""
    place = np.minimum((chance * BINS).astype(int), BINS - 1)
    width = [np.flatnonzero(place == number) for number in range(BINS)]
    size = np.array_split(np.argsort(chance, kind="stable"), BINS)
    return {
        "ece_width": calibration_error(chance, bought, width),
        "ece_size": calibration_error(chance, bought, size),
        "brier": float(((chance - bought) ** 2).mean()),
    }


def own_frequency(window: Window, listed: Listed) -> _Reals:
    """Return the chance by own frequency, or by popularity, as of the window before."""
    history, orders = window.history, window.history.purchases
    sizes = history.n_resellers, history.n_products
    before = History(orders, *sizes, history.day - WINDOW)
    later = orders.between(history.day - WINDOW, history.day)
    keys = later.reseller.astype(np.int64) * history.n_products + later.product
    pairs = before.pair_reseller * history.n_products + before.pair_product
    own = IsotonicRegression(out_of_bounds="clip").fit(
        before.decayed(60.0), np.isin(pairs, keys)
    )
    active = np.unique(before.order_reseller[before.order_day > before.day - 182])
    recent = before.buyers_between(before.day - WINDOW, before.day)
    came = np.isin(later.reseller, active) & ~np.isin(keys, pairs)
    firsts = np.bincount(later.product[came], minlength=history.n_products)
    new = IsotonicRegression(out_of_bounds="clip").fit(recent, firsts / len(active))
    chance = new.predict(
        history.buyers_between(history.day - WINDOW, history.day)[listed.product]
    )
    old = listed.pair >= 0
    chance[old] = own.predict(history.decayed(60.0)[listed.pair[old]])
    return chance


def demand(window: Window) -> dict[str, float]:
    """Return the error of the buyers foretold by product, and of "as before"."""
    listed = window.lists({"all": EVERY_CANDIDATE})
    history, products = window.history, window.judge.products
    size = history.n_products
    foretold = np.bincount(listed.product, weights=listed.probability, minlength=size)
    known = np.isin(window.after.reseller, window.judge.eligible)
    pairs = np.unique(
        window.after.reseller[known].astype(np.int64) * size
        + window.after.product[known]
    )
    bought = np.bincount(pairs % size, minlength=size)
    kept = np.isin(history.purchases.reseller, window.judge.eligible)
    kept &= history.purchases.day > history.day - WINDOW
    pairs = np.unique(history.line_pair[kept])
    before = np.bincount(history.pair_product[pairs], minlength=size)
    total = bought[products].sum()
    return {
        "wape": float(np.abs(foretold - bought)[products].sum() / total),
        "wape_before": float(np.abs(before - bought)[products].sum() / total),
    }


def quantities(window: Window, listed: Listed, found: pd.DataFrame) -> dict[str, float]:
    """Return median relative errors where something bought before came again."""
    history, old = window.history, listed.pair >= 0
    hits = old & found["day"].notna().to_numpy()
    truth = found["quantity"].to_numpy()[hits]
    ours = window.model.quantity_.predict(
        listed.reseller[hits], listed.product[hits], listed.pair[hits]
    )
    last = history.purchases.quantity[history.pair_end[listed.pair[hits]] - 1]
    return {
        "quantity": float(np.median(np.abs(ours - truth) / truth)),
        "quantity_last": float(np.median(np.abs(last - truth) / truth)),
    }


def dates(window: Window, listed: Listed, found: pd.DataFrame) -> dict[str, float]:
    """Return the share of the bought that came near their date."""
    history = window.history
    old = listed.pair >= 0
    due = np.full(len(old), NO_DAY)
    due[old] = window.model.evidence_.rhythm.due[listed.pair[old]]
    hits = found["day"].notna().to_numpy() & (due != NO_DAY)
    day = found["day"].to_numpy()[hits]
    pair = listed.pair[hits]
    count = history.pair_count[pair]
    mean = (history.pair_last[pair] - history.pair_first[pair]) / (count - 1)
    plain = history.pair_last[pair] + mean
    first = history.day + 1
    return {
        "near": float((np.abs(np.maximum(due[hits], first) - day) <= NEAR).mean()),
        "near_mean": float((np.abs(np.maximum(plain, first) - day) <= NEAR).mean()),
        "dated": float((due[old] != NO_DAY).mean()),
    }


def measure(orders: pd.DataFrame, day: pd.Timestamp) -> dict[str, Any]:
    """Return all figures of one cut-off."""
    window = Window.at(orders, day)
    listed = window.lists({"all": LINES})
    found = window.bought(listed)
    bought = found["day"].notna().to_numpy().astype(float)
    plain = own_frequency(window, listed)
    return {
        "cutoff": day_text(window.history.day),
        "method": window.model.model_.method,
        **reliability(listed.probability, bought),
        "brier_own": float(((plain - bought) ** 2).mean()),
        **demand(window),
        **quantities(window, listed, found),
        **dates(window, listed, found),
    }


def main() -> None:
    """Measure, print the table and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.answers")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    parser.add_argument("--cutoffs", type=int, default=3)
    options = parser.parse_args()
    orders = read_orders(options.data)
    last = orders["date"].max()
    rows = [
        measure(orders, last - pd.Timedelta(days=WINDOW * number))
        for number in range(1, options.cutoffs + 1)
    ]
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "answers.json").write_text(json.dumps(rows, indent=1))
    names = [name for name in rows[0] if name != "method"]
    text = table(HEADS, [[row[name] for name in names] for row in rows])
    (options.out / "answers.md").write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
