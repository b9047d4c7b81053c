"""New resellers and new products: held out whole, known by their attributes alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from recommend.history import History

from .. import engine
from ..context import Context
from ..cost import Clock, measured
from ..data import HORIZON, Shop, Split
from ..lines import Ints, codes_of
from ..truth import mean_and_error, ndcg_by_reseller
from .chances import Reals

FOLDS = 5
_LENGTH = 20
_SEED = 1


@dataclass(frozen=True)
class Lines:
    """Lists by place among some resellers and products."""

    reseller: Ints
    product: Ints
    rank: Ints


def measure(run: Context) -> dict[str, Any]:
    """Hold out each fifth of the resellers, then of the products."""
    cutoffs = run.cutoffs[:1] if run.short else run.cutoffs
    rows: list[dict[str, Any]] = []
    for cutoff in cutoffs:
        for what, judge in (("reseller", new_resellers), ("product", new_products)):
            found: dict[str, list[Reals]] = {}
            for fold in range(1 if run.short else FOLDS):
                run.say(f"{cutoff}: new {what}s, fold {fold + 1}")
                for method, values in judge(run, cutoff, fold).items():
                    found.setdefault(method, []).append(values)
            rows += _rows(cutoff, what, found)
    return {"rows": rows}


def _rows(
    cutoff: str, what: str, found: dict[str, list[Reals]]
) -> Iterator[dict[str, Any]]:
    values = {method: np.concatenate(parts) for method, parts in found.items()}
    ours = values["engine"]
    for method, theirs in values.items():
        mean, error = mean_and_error(theirs)
        gain, gain_error = mean_and_error(ours - theirs)
        yield {
            "cutoff": cutoff,
            "new": what,
            "method": method,
            "judged": len(theirs),
            "ndcg@10": mean,
            "se": error,
            "difference": gain,
            "difference_se": gain_error,
        }


def _held(ids: np.ndarray, fold: int) -> np.ndarray:
    """Return each fifth of some ids, drawn once."""
    order = np.random.default_rng(_SEED).permutation(len(ids))
    return np.sort(ids[order[fold::FOLDS]])


def new_resellers(run: Context, cutoff: str, fold: int) -> dict[str, Reals]:
    """Judge lists of resellers whose orders nobody saw."""
    whole = run.split(cutoff)
    held = _held(whole.before.reseller_ids[whole.judge.resellers], fold)
    out = whole.shop.orders["reseller"].isin(held)
    split = _without(whole, ~out | (whole.shop.orders["date"] > whole.cutoff))

    def work(clock: Clock) -> pd.DataFrame:
        model = engine.fit(split, run.config)
        return model.recommend(held, k=_LENGTH).drop(columns="reasons")

    frame, _ = measured(work)
    products = whole.before.product_ids
    keys = _keys(whole.window, held, products[whole.judge.products], products)
    ours = _lines(frame, held, products)
    late, ever = _buyers(split.history())
    score = pd.Series(late + 1e-6 * ever, index=list(split.before.product_ids))
    score = score[score.index.isin(set(split.listed))]
    order = score.sort_values(ascending=False, kind="stable").index[:_LENGTH]
    same = _same_for_all(codes_of(order.to_numpy(), products), len(held))
    return _judged(keys, len(products), {"engine": ours, "bestsellers": same})


def new_products(run: Context, cutoff: str, fold: int) -> dict[str, Reals]:
    """Judge lists of products that nobody was seen buying, apart from all others."""
    whole = run.split(cutoff)
    held = _held(whole.before.product_ids[whole.judge.products], fold)
    table = whole.shop.products
    out = whole.shop.orders["product"].isin(held)
    # All products are known, only the new ones may be listed.
    table = table.assign(available=table["product"].isin(held))
    kept = ~out | (whole.shop.orders["date"] > whole.cutoff)
    split = _without(whole, kept, table)
    judged = whole.before.reseller_ids[whole.judge.resellers]

    def work(clock: Clock) -> pd.DataFrame:
        model = engine.fit(split, run.config)
        return model.recommend(judged, k=_LENGTH).drop(columns="reasons")

    frame, _ = measured(work)
    keys = _keys(whole.window, judged, held, held)
    ours = _lines(frame, judged, held)
    best = by_category(split, table, held)
    same = _same_for_all(np.argsort(-best, kind="stable")[:_LENGTH], len(judged))
    found = _judged(keys, len(held), {"engine": ours, "category's bestsellers": same})
    return found | {"any order": _any_order(keys, held, len(judged))}


def by_category(split: Split, table: pd.DataFrame, held: np.ndarray) -> Reals:
    """Return the mean recent buyers of what shares each new product's category.

    What has no category gets the mean of all; a new product has no sales to go by.
    """
    late, _ = _buyers(split.history())
    sold = pd.Series(late, index=list(split.before.product_ids))
    sold = sold[sold.index.isin(set(split.listed))]
    category = table.set_index("product")["category"]
    mean = sold.groupby(category.reindex(sold.index).to_numpy()).mean()
    wanted = pd.Series(held).map(category).map(mean).fillna(sold.mean())
    return np.asarray(wanted, dtype=np.float64)


def _without(
    whole: Split, kept: pd.Series, catalogue: pd.DataFrame | None = None
) -> Split:
    shop: Shop = replace(whole.shop, orders=whole.shop.orders[kept])
    return Split(shop, whole.cutoff, catalogue)


def _buyers(history: History) -> tuple[Reals, Reals]:
    late = history.buyers_between(history.day - HORIZON, history.day)
    return late.astype(np.float64), history.buyers.astype(np.float64)


def _keys(
    window: pd.DataFrame,
    resellers: np.ndarray,
    products: np.ndarray,
    among: np.ndarray,
) -> Ints:
    """Return what was bought: place of the reseller times products plus product."""
    lines = window[
        window["reseller"].isin(resellers) & window["product"].isin(products)
    ]
    reseller = codes_of(lines["reseller"], resellers)
    product = codes_of(lines["product"].astype(object), among)
    return np.unique(reseller * len(among) + product)


def _lines(frame: pd.DataFrame, resellers: np.ndarray, products: np.ndarray) -> Lines:
    """Turn an answer into places; a product that was not asked for is no line."""
    reseller = codes_of(frame["reseller"], resellers)
    product = codes_of(frame["product"], products)
    kept = product >= 0
    rank = frame["rank"].to_numpy(dtype=np.int64)
    return Lines(reseller[kept], product[kept], rank[kept])


def _same_for_all(products: Ints, resellers: int) -> Lines:
    rank = np.arange(len(products)) + 1
    return Lines(
        np.repeat(np.arange(resellers), len(products)),
        np.tile(products, resellers),
        np.tile(rank, resellers),
    )


def _judged(keys: Ints, size: int, lists: dict[str, Lines]) -> dict[str, Reals]:
    return {
        method: ndcg_by_reseller(keys, size, one.reseller, one.product, one.rank)[1]
        for method, one in lists.items()
    }


def _any_order(keys: Ints, held: np.ndarray, resellers: int) -> Reals:
    """Return the mean of ten random orders, each the same for all."""
    random = np.random.default_rng(_SEED)
    tries = []
    for _ in range(10):
        some = _same_for_all(random.permutation(len(held))[:_LENGTH], resellers)
        tries.append(_judged(keys, len(held), {"any": some})["any"])
    mean: Reals = np.mean(tries, axis=0)
    return mean
