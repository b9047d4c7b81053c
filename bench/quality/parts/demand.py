"""How many will buy each product: the sum of the probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from recommend.history import History

from ..context import Context
from ..data import HORIZON
from ..lines import codes_of
from .chances import OwnChance, Reals

_YEAR = 13
"""Windows that make a year."""


def measure(run: Context) -> dict[str, Any]:
    """Compare expected with actual buyers of each product.

    Lists end, what is bought does not: the second figure of ours adds what each
    product sold beside the lists in the window before.
    """
    rows = []
    for cutoff in run.cutoffs:
        split, look = run.split(cutoff), run.outlook(cutoff)
        beside = _beside(run, cutoff)
        run.say(f"{cutoff}: demand")
        listed, size = split.judge.products, split.before.n_products
        actual = _buyers(run, cutoff)[listed]
        summed = np.bincount(look.product, weights=look.chance, minlength=size)
        ours: Reals = np.asarray(summed, dtype=np.float64)
        methods: dict[str, Reals] = {
            "engine: sum of probabilities": ours,
            "engine: with what was bought beside its lists before": ours + beside,
            "own frequency: sum of its probabilities": OwnChance(split).buyers(),
            **persistence(split.history()),
        }
        for method, expected in methods.items():
            figures = errors(expected[listed], actual)
            rows.append({"cutoff": cutoff, "method": method, **figures})
    return {"rows": rows}


def _buyers(run: Context, cutoff: str) -> Reals:
    """Return how many of the known resellers bought each product in the window."""
    truth, history = run.truth(cutoff), run.split(cutoff).history()
    keys = truth.keys[(history.n_orders > 0)[truth.keys // truth.size]]
    return np.bincount(keys % truth.size, minlength=truth.size).astype(np.float64)


def _beside(run: Context, cutoff: str) -> Reals:
    """Return the buyers of the window before whom the lists before did not expect."""
    day = pd.Timestamp(cutoff) - pd.Timedelta(days=HORIZON)
    before = str(day.date())
    look, then = run.outlook(before), run.split(before).before.product_ids
    hits = np.bincount(look.product[look.hit], minlength=len(then))
    places = codes_of(then, run.split(cutoff).before.product_ids)
    beside = np.zeros(run.split(cutoff).before.n_products)
    beside[places] = _buyers(run, before) - hits
    return beside


def persistence(history: History) -> dict[str, Reals]:
    """Return what one expects who looks at past windows alone."""

    def bought(window: int) -> Reals:
        end = history.day - HORIZON * window
        buyers: Reals = history.buyers_between(end - HORIZON, end).astype(float)
        return buyers

    mean: Reals = np.mean([bought(window) for window in range(3)], axis=0)
    return {
        "bestsellers: buyers of the last 28 days": bought(0),
        "mean of the last three windows": mean,
        "the same days last year": bought(_YEAR - 1),
    }


def errors(expected: Reals, actual: Reals) -> dict[str, float]:
    """Return the weighted absolute percentage error, bias and correlation."""
    total = max(float(actual.sum()), 1.0)
    varies = expected.std() > 0 and actual.std() > 0
    alike = float(np.corrcoef(expected, actual)[0, 1]) if varies else 0.0
    return {
        "wape": float(np.abs(expected - actual).sum() / total),
        "bias": float((expected.sum() - actual.sum()) / total),
        "correlation": alike,
        "expected": float(expected.sum()),
        "actual": float(actual.sum()),
        "products": len(actual),
    }
