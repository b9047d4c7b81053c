"""What the engine's parts are worth: each switched off in turn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from recommend.lists import Listed

from .. import engine
from ..context import Context
from ..cost import Clock, measured
from ..lines import WANTED
from ..truth import mean_and_error, ndcg_of

WITHOUT: dict[str, dict[str, Any]] = {
    "the whole": {},
    "no learning, weights as built in": {"ridge": 1e9},
    "no candidates of similar resellers": {"n_similar": 0},
    "no candidates bought together": {"n_together": 0},
    "no candidates of what was bought next": {"n_window": 0},
    "no new candidates but bestsellers": {
        "n_similar": 0, "n_together": 0, "n_window": 0,
    },
    "the straight line without trees": {"tree_share": 0.0},
    "trees without the straight line": {"tree_share": 1.0},
    "few neighbours": {"n_neighbours": 10, "n_item_neighbours": 10},
    "one training window: the last": {"training_windows": (1,)},
    "two training windows: the last two": {"training_windows": (1, 2)},
    "one training window: a year back": {"training_windows": (13,)},
    "500 training resellers": {"training_resellers": 500},
    "profiles of a half-life of 30 days": {"half_life_days": 30.0},
    "profiles of a half-life of a year": {"half_life_days": 365.0},
}  # fmt: skip
"""Changes of the configuration by name; a new row needs a line here, nothing else."""
_SHORT = 4


def measure(run: Context) -> dict[str, Any]:
    """Judge each configuration; differences to the whole by reseller."""
    names = list(WITHOUT)[:_SHORT] if run.short else list(WITHOUT)
    cutoffs = run.cutoffs[:1] if run.short else run.cutoffs[:2]
    rows: list[dict[str, Any]] = []
    for cutoff in cutoffs:
        judge, whole = run.split(cutoff).judge, None
        for name in names:
            listed, cost = _lists(run, cutoff, WITHOUT[name])
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


def _lists(
    run: Context, cutoff: str, changes: dict[str, Any]
) -> tuple[Listed, dict[str, float]]:
    split, config = run.split(cutoff), replace(run.config, **changes)
    judge = split.judge

    def work(clock: Clock) -> Listed:
        model = clock.time("fit", lambda: engine.fit(split, config))
        return engine.listed(model, split, engine.reseller_ids(split, judge.resellers))

    return measured(work)
