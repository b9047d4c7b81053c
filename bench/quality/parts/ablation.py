"""What the engine's parts are worth: each switched off in turn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from recommend import features, lists, training
from recommend.lists import Listed

from .. import engine
from ..context import Context
from ..cost import Clock, measured
from ..lines import WANTED
from ..truth import mean_and_error, ndcg_of

WITHOUT: dict[str, dict[str, Any]] = {
    "the whole": {},
    "no learning, weights as built in": {"ridge": 1e9},
    "the straight line without trees": {"tree_share": 0.0},
    "trees without the straight line": {"tree_share": 1.0},
    "one training window: the last": {"training_windows": (1,)},
    "two training windows: the last two": {"training_windows": (1, 2)},
    "one training window: a year back": {"training_windows": (13,)},
    "no new candidates but bestsellers": {
        "n_similar": 0, "n_together": 0, "n_window": 0,
    },
    "profiles of a half-life of a year": {"half_life_days": 365.0},
}  # fmt: skip
"""Changes of the configuration by name; a new row needs a line here, nothing else."""
BLANK: dict[str, tuple[str, ...]] = {
    "not knowing who kept a product": ("product_kept",),
    "no places among the new products": (
        "similar_place", "together_place", "window_place", "basket_place",
    ),
    "no scores of what was bought next": ("window", "window_place"),
    "no scores of what goes into orders now": ("basket", "basket_place"),
    "no scores of similar resellers or products": (
        "similar", "similar_part", "similar_place", "similar_together",
        "together", "together_part", "together_place",
    ),
    "no season": (
        "last_year", "reseller_season", "product_season", "product_season_turn",
    ),
    "no trends of products": (
        "product_trend", "product_fortnight", "product_quarter", "product_week",
        "product_firsts",
    ),
    "no rhythm": (
        "lateness", "overdue", "around", "steady", "days_since", "orders_since",
    ),
}  # fmt: skip
"""Features that are the same for all candidates, by name."""
_SHORT = 4


def measure(run: Context) -> dict[str, Any]:
    """Judge each configuration; differences to the whole by reseller."""
    names = list(WITHOUT)[:_SHORT] if run.short else [*WITHOUT, *BLANK]
    cutoffs = run.cutoffs[:1] if run.short else run.cutoffs
    rows: list[dict[str, Any]] = []
    for cutoff in cutoffs:
        judge, whole = run.split(cutoff).judge, None
        for name in names:
            with _blank(BLANK.get(name, ())):
                listed, cost = _lists(run, cutoff, WITHOUT.get(name, {}))
            run.say(f"{cutoff}: {name}, {cost['fit']:.1f} CPU s")
            whole = whole or listed
            for place, purpose in enumerate(WANTED):
                keys = judge.keys_of(purpose)
                value = ndcg_of(listed, place, keys, judge.size)
                gain = value - ndcg_of(whole, place, keys, judge.size)
                mean, error = mean_and_error(gain)
                rows.append(
                    {
                        "cutoff": cutoff,
                        "without": name,
                        "purpose": purpose,
                        "ndcg@10": float(value.mean()),
                        "difference": mean,
                        "se": error,
                        "fit": cost["fit"],
                    }
                )
    return {"rows": rows}


@contextmanager
def _blank(names: tuple[str, ...]) -> Iterator[None]:
    def describe(*known: Any) -> Any:
        matrix = features.describe(*known)
        matrix[:, features.columns_of(names)] = 0.0
        return matrix

    with (
        patch.object(training, "describe", describe),
        patch.object(lists, "describe", describe),
    ):
        yield


def _lists(
    run: Context, cutoff: str, changes: dict[str, Any]
) -> tuple[Listed, dict[str, float]]:
    split, config = run.split(cutoff), replace(run.config, **changes)
    judge = split.judge

    def work(clock: Clock) -> Listed:
        model = clock.time("fit", lambda: engine.fit(split, config))
        return engine.listed(model, split, engine.reseller_ids(split, judge.resellers))

    return measured(work)
