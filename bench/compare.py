"""Which figures count, how much they may differ by chance, and the limits.

Costs are compared as CPU seconds in units of a bare COPY of the same lines in the
same run: neither another machine nor what else it does changes them much.
"""

from __future__ import annotations

from typing import Any

MOST_CPU, MOST_UNIT, MOST_LIST_MS, LEAST_STORED = 90, 30, 30, 120_000
MOST_CHILD_MB = 1200
METRICS = ("recall@10", "ndcg@10", "hit@10", "precision@10")
RUNS = ("first", "second")
MEAN_CUTOFFS = 3
PURPOSES = ("all", "reorder", "discover")
# Half a standard error: the same resellers are judged before and after, so what
# differs between two engines varies far less than what each of them reaches.
NOISE_SHARE = 0.5
DEFAULT_NOISE = 0.01
# How much more of a cost is taken for noise, by how a figure's name begins.
TOLERANCES = {"cpu": 0.3, "memory": 0.15, "statements": 0.1, "list": 0.3}
# Where others keep more cores busy, seconds on the clock say little about the code.
BUSY = 0.3


def figures_of(data: dict[str, Any]) -> dict[str, float]:
    """Give every figure that is compared, by name, and CPU seconds."""
    nightly, run = data["nightly"], data["nightly"]["first"]
    bare = nightly["copy"]["cpu"] + nightly["copy"]["backend_cpu"]
    figures = {
        f"quality.{purpose}.{metric}": run["backtest"]["engine"][purpose][metric]
        for purpose in PURPOSES
        for metric in METRICS
    }
    for name in ("first", "second"):
        parts = _cpu_parts(nightly[name])
        total = sum(parts.values())
        figures[f"cpu.{name}.seconds"] = total
        figures[f"cpu.{name}.ratio"] = total / bare
        for part in ("extract", "child", "publish"):
            seconds = parts[part]
            figures[f"cpu.{name}.{part}.ratio"] = seconds / bare
    stages = run["stages"]
    figures["statements"] = sum(stage.get("statements") or 0 for stage in stages)
    for name in ("worker_rss", "worker_vms", "child_rss", "child_vms"):
        figures[f"memory.{name}"] = max(nightly[one][name] for one in RUNS)
    figures |= _list_figures(data, bare) | _mean_figures(data)
    return {name: round(value, 6) for name, value in figures.items()}


def _mean_figures(data: dict[str, Any]) -> dict[str, float]:
    """The means over the cut-offs of the protocol, where all were judged."""
    rows = [row for row in _engine_rows(data) if row["purpose"] in PURPOSES]
    if len(rows) != MEAN_CUTOFFS * len(PURPOSES):
        return {}
    return {
        f"quality.mean.{purpose}.ndcg@10": sum(
            row["ndcg@10"] for row in rows if row["purpose"] == purpose
        )
        / MEAN_CUTOFFS
        for purpose in PURPOSES
    }


def _engine_rows(data: dict[str, Any]) -> list[dict[str, Any]]:
    rows = data["backtest"]["rows"] if data["backtest"] else []
    return [row for row in rows if row["method"] == "engine"]


def _cpu_parts(run: dict[str, Any]) -> dict[str, float]:
    """CPU seconds of worker and database by unit, and of the child."""
    names = {"waiting": "extract", "computing": "watch", "publishing": "publish"}
    parts = dict.fromkeys((*names.values(), "child"), 0.0)
    for unit in run["units"]:
        parts[names.get(unit["state"], "watch")] += unit["cpu"] + unit["backend_cpu"]
    parts["child"] = sum(stage.get("cpu_seconds") or 0 for stage in run["stages"])
    return parts


def _list_figures(data: dict[str, Any], bare: float) -> dict[str, float]:
    offers, wizard = data["offers"], data["wizard"]
    figures = {"list.cpu.ratio": offers["cpu_ms"] / 1000 / bare}
    figures["list.queries"] = offers["most_queries"]
    if wizard:
        figures["list.share_of_wizard"] = offers["cpu_ms"] / wizard["cpu_ms"]
    return figures


def noise_of(data: dict[str, Any]) -> dict[str, float]:
    """Give what may differ by chance, from the standard errors where judged."""
    noise = {}
    rows = _engine_rows(data)
    last = max((row["cutoff"] for row in rows), default=None)
    for row in rows:
        if row["cutoff"] == last:
            for metric in METRICS:
                name = f"quality.{row['purpose']}.{metric}"
                noise[name] = round(NOISE_SHARE * row[f"{metric}_se"], 6)
            error = row["ndcg@10_se"] / MEAN_CUTOFFS**0.5
            name = f"quality.mean.{row['purpose']}.ndcg@10"
            noise[name] = round(NOISE_SHARE * error, 6)
    return noise


def others_of(data: dict[str, Any]) -> float:
    """How many cores others kept busy while the action ran."""
    nightly = data["nightly"]
    ours = sum(sum(_cpu_parts(nightly[name]).values()) for name in RUNS)
    return max(0.0, (nightly["machine_cpu"] - ours) / nightly["seconds"])


def is_busy(data: dict[str, Any]) -> bool:
    """Tell whether others slowed the action down."""
    return others_of(data) > BUSY


def compare(
    figures: dict[str, float], baseline: dict[str, Any], busy: bool
) -> list[tuple]:
    """Hold figures against those stored: name, then, now, change, allowed, verdict.

    CPU seconds grow, too, when others use caches and memory: they are not judged then.
    """
    rows: list[tuple] = []
    for name, then in baseline["figures"].items():
        if name not in figures or name.endswith(".seconds"):
            continue
        now = figures[name]
        change = now - then
        if name.startswith("quality"):
            allowed = baseline["noise"].get(name, DEFAULT_NOISE)
            worse, better = change < -allowed, change > allowed
        else:
            share = 0 if name == "list.queries" else TOLERANCES[name.split(".")[0]]
            allowed = share * then
            worse, better = change > allowed, change < -allowed
        verdict = "WORSE" if worse else "better" if better else ""
        if busy and verdict and name.startswith(("cpu", "list")):
            verdict = "too busy to judge"
        texts = [f"{value:.4f}" for value in (then, now)]
        rows.append((name, *texts, f"{change:+.4f}", f"± {allowed:.4f}", verdict))
    return rows


def limits_of(data: dict[str, Any]) -> list[tuple]:
    """Hold what was measured against what must never be passed."""
    nightly, offers = data["nightly"], data["offers"]
    slow = "too busy to judge" if is_busy(data) else "BROKEN"
    rows: list[tuple] = []

    def add(what: str, found: float, limit: float, verdict: str) -> None:
        rows.append((what, f"{found:,.1f}", f"{limit:,}", verdict))

    for name in RUNS:
        seconds = [unit["seconds"] for unit in nightly[name]["units"]]
        total, longest = sum(_cpu_parts(nightly[name]).values()), max(seconds)
        verdict = slow if total > MOST_CPU else "ok"
        add(f"{name} run, CPU seconds", total, MOST_CPU, verdict)
        memory = nightly[name]["child_rss"]
        verdict = "BROKEN" if memory > MOST_CHILD_MB else "ok"
        add(f"{name} run, MB of the calculation", memory, MOST_CHILD_MB, verdict)
        verdict = slow if longest > MOST_UNIT else "ok"
        add(f"{name} run, longest unit, seconds", longest, MOST_UNIT, verdict)
    verdict = slow if offers["median_ms"] > MOST_LIST_MS else "ok"
    add("one list, median ms", offers["median_ms"], MOST_LIST_MS, verdict)
    spread = offers["most_queries"] - offers["least_queries"]
    verdict = "BROKEN" if spread else "ok"
    add("one list, queries more than another", spread, 0, verdict)
    few = offers["stored"] < LEAST_STORED
    add(
        "stored lists, at least",
        offers["stored"],
        LEAST_STORED,
        "BROKEN" if few else "ok",
    )
    return rows
