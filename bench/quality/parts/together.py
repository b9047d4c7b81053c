"""What goes with an order: half of a basket is given, the other half looked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from recommend.complements import Complements

from ..context import Context, Outlook
from ..data import Split
from ..lines import Ints, codes_of
from .chances import Reals

_SHOWN = 10
_LEAST = 4
"""Products of a basket that is judged."""
_WEIGHT = 0.2
"""Of a complement's score beside the probability, as in the order tab."""
_SEED = 5

Baskets = list[tuple[int, Ints, Ints]]


def measure(run: Context) -> dict[str, Any]:
    """Judge four lists on every basket of the window, with half of it known."""
    rows = []
    for cutoff in run.cutoffs:
        split, look = run.split(cutoff), run.outlook(cutoff)
        data, history = split.before, split.history()
        found = Complements().fit(history, data.catalogue.listed)
        popular = history.buyers_between(history.day - 28, history.day) / 1e6
        baskets = _baskets(split)
        lists = _by_reseller(look)
        hits: dict[str, list[int]] = {}
        sought = np.array([len(rest) for _reseller, _given, rest in baskets])
        for reseller, given, rest in baskets:
            chance = np.zeros(data.n_products)
            listed = lists.get(reseller, np.empty(0, dtype=np.int64))
            chance[look.product[listed]] = look.chance[listed]
            together = _together(found, given, data.n_products)
            for name, scores in {
                "bestsellers of 28 days": popular,
                "the reseller's list": chance,
                "complements of the lines": together,
                "list and complements": chance + _WEIGHT * together,
            }.items():
                count = _count_hits(scores, given, rest)
                hits.setdefault(name, []).append(count)
        for name, counts in hits.items():
            rows.append({"cutoff": cutoff, "method": name, "baskets": len(baskets)}
                        | _figures(np.array(counts), sought))  # fmt: skip
    return {"rows": rows}


def _baskets(split: Split) -> Baskets:
    """Halve the orders of the window by lot, of products that may be listed."""
    data, window = split.before, split.window
    lines = pd.DataFrame(
        {
            "reseller": codes_of(window["reseller"].to_numpy(), data.reseller_ids),
            "product": codes_of(window["product"].astype(object), data.product_ids),
            "day": window["date"].dt.normalize().to_numpy(),
        }
    )
    lines = lines[(lines["reseller"] >= 0) & (lines["product"] >= 0)]
    lines = lines[data.catalogue.listed[lines["product"]]].drop_duplicates()
    lines = lines.sort_values(["reseller", "day", "product"])
    chance = np.random.default_rng(_SEED)
    baskets = []
    for _order, rows in lines.groupby(["reseller", "day"]):
        products = chance.permutation(rows["product"].to_numpy())
        half = len(products) // 2
        if len(products) >= _LEAST:
            reseller = int(rows["reseller"].iloc[0])
            baskets.append((reseller, products[:half], products[half:]))
    return baskets


def _by_reseller(look: Outlook) -> dict[int, Ints]:
    order = np.argsort(look.reseller, kind="stable")
    codes, starts = np.unique(look.reseller[order], return_index=True)
    return dict(zip(codes.tolist(), np.split(order, starts[1:]), strict=True))


def _together(found: Complements, given: Ints, n_products: int) -> Reals:
    """Return the best score that a given product lends to each other one."""
    scores = np.zeros(n_products)
    lines = np.isin(found.product_, given)
    np.maximum.at(scores, found.complement_[lines], found.score_[lines])
    return scores


def _count_hits(scores: Reals, given: Ints, rest: Ints) -> int:
    scores = scores.copy()
    scores[given] = 0.0
    best = np.argsort(-scores, kind="stable")[:_SHOWN]
    return int(np.isin(best[scores[best] > 0], rest).sum())


def _figures(hits: Ints, sought: Ints) -> dict[str, float]:
    rate = (hits > 0).astype(float)
    return {
        "hit@10": float(rate.mean()),
        "hit@10_se": float(rate.std(ddof=1) / np.sqrt(len(rate))),
        "precision@10": float(hits.mean() / _SHOWN),
        "recall@10": float((hits / np.minimum(sought, _SHOWN)).mean()),
    }
