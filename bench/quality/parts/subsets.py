"""Small distributors: random subsets of the resellers, each a history of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from recommend.baselines import OwnRecent

from .. import engine
from ..context import Context
from ..cost import Clock, measured
from ..data import Split
from ..lines import WANTED
from ..truth import ndcg_of
from .chances import Reals

SIZES = (300, 50)
COUNT, SHORT_COUNT = 20, 5


def measure(run: Context) -> dict[str, Any]:
    """Compare the engine with own frequency on subsets drawn from fixed seeds."""
    rows = []
    count = SHORT_COUNT if run.short else COUNT
    everyone = run.shop.orders["reseller"].nunique()
    sizes = [size for size in SIZES if size < everyone]
    for size in sizes:
        for seed in range(count):
            subset = draw(run, size, seed)
            run.say(f"{size} resellers, subset {seed + 1} of {count}")

            def work(clock: Clock, subset: np.ndarray = subset) -> list[Reals]:
                return _judged(run, subset)

            ours, theirs = measured(work)[0]
            rows.append(
                {
                    "size": size,
                    "seed": seed,
                    "judged": len(ours),
                    "engine": _mean(ours),
                    "own": _mean(theirs),
                    "difference": _mean(ours - theirs),
                }
            )
    return {"rows": rows, "summary": [_summary(rows, size) for size in sizes]}


def draw(run: Context, size: int, seed: int) -> np.ndarray:
    """Return so many resellers, each as likely as any other."""
    everyone = np.sort(run.shop.orders["reseller"].unique())
    chosen = np.random.default_rng(1000 * size + seed).permutation(len(everyone))
    return np.sort(everyone[chosen[:size]])


def _judged(run: Context, subset: np.ndarray) -> list[Reals]:
    """Return nDCG of `all` by reseller and window, ours and own frequency's."""
    found: list[list[Reals]] = [[], []]
    shop = run.shop.some(subset)
    for cutoff in run.cutoffs:
        split = Split(shop, cutoff)
        judge = split.judge
        if not len(judge.resellers):
            continue
        ids = engine.reseller_ids(split, judge.resellers)
        ours = engine.listed(engine.fit(split, run.config), split, ids)
        simple = OwnRecent().fit(split.history())
        theirs = simple.lists(judge.resellers, WANTED, judge.products)
        for place, listed in enumerate((ours, theirs)):
            found[place].append(ndcg_of(listed, 0, judge.keys, judge.size))
    return [np.concatenate([*parts, np.empty(0)]) for parts in found]


def _mean(values: Reals) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _summary(rows: list[dict[str, Any]], size: int) -> dict[str, Any]:
    found = [row for row in rows if row["size"] == size and row["judged"]]
    gains = np.array([row["difference"] for row in found])
    return {
        "size": size,
        "subsets": len(found),
        "judged": float(np.mean([row["judged"] for row in found])),
        "engine": float(np.mean([row["engine"] for row in found])),
        "engine_sd": float(np.std([row["engine"] for row in found], ddof=1)),
        "own": float(np.mean([row["own"] for row in found])),
        "own_sd": float(np.std([row["own"] for row in found], ddof=1)),
        "difference": float(gains.mean()),
        "difference_sd": float(gains.std(ddof=1)),
        "worst": float(gains.min()),
        "below": int((gains < 0).sum()),
    }
