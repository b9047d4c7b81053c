"""Ours and the peers on the same rows: quality, differences, cost."""

from __future__ import annotations

from typing import Any

from recommend.lists import Listed

from .. import engine
from ..context import Context
from ..cost import Clock, measured
from ..data import Split
from ..lines import WANTED
from ..peers import METHODS, SHORT, Method
from ..truth import mean_and_error, ndcg_of

OURS = "engine"


def measure(run: Context) -> dict[str, Any]:
    """Judge every method at every cut-off."""
    chosen = SHORT if run.short else tuple(METHODS)
    rows: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    differences: list[dict[str, Any]] = []
    for cutoff in run.cutoffs:
        split, ours = run.split(cutoff), None
        for name in (OURS, *chosen):
            listed, cost = _lists(run, split, name)
            run.say(f"{cutoff}: {name}, {cost['fit'] + cost['lists']:.1f} CPU s")
            rows += split.judge.rows(name, listed, WANTED)
            costs.append({"method": name, "cutoff": cutoff, **cost})
            if ours is None:
                ours = listed
            else:
                differences += _differences(split, name, ours, listed)
    return {"rows": rows, "costs": costs, "differences": differences}


def _lists(run: Context, split: Split, name: str) -> tuple[Listed, dict[str, float]]:
    """Fit and list in a child of its own; the engine's one list is what is timed."""
    judge = split.judge

    def ours(clock: Clock) -> Listed:
        ids = engine.reseller_ids(split, judge.resellers)
        model = clock.time("fit", lambda: engine.fit(split, run.config))
        clock.time("lists", lambda: engine.top(model, ids))
        return engine.listed(model, split, ids)

    def theirs(clock: Clock) -> Listed:
        method: Method = METHODS[name]()
        history = split.history()
        clock.time("fit", lambda: method.fit(history))
        resellers, products = judge.resellers, judge.products
        return clock.time("lists", lambda: method.lists(resellers, WANTED, products))

    return measured(ours if name == OURS else theirs)


def _differences(
    split: Split, name: str, ours: Listed, theirs: Listed
) -> list[dict[str, Any]]:
    """Compare reseller by reseller, which is far surer than comparing two means."""
    judge, found = split.judge, []
    for place, purpose in enumerate(WANTED):
        keys = judge.keys_of(purpose)
        gain = ndcg_of(ours, place, keys, judge.size)
        gain = gain - ndcg_of(theirs, place, keys, judge.size)
        mean, error = mean_and_error(gain)
        found.append(
            {
                "method": name,
                "cutoff": split.cutoff,
                "purpose": purpose,
                "difference": mean,
                "se": error,
                "judged": len(gain),
            }
        )
    return found
