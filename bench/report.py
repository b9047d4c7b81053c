"""Tables of what was measured, and the comparison with the baseline."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .compare import compare, figures_of, is_busy, limits_of, noise_of, others_of

METHODS = {
    "engine": "engine",
    "bestsellers": "bestsellers of 28 days",
    "own_usual": "most bought in 6 months",
    "own_recent": "own frequency, recency-weighted",
}
UNITS = {"waiting": "extract", "computing": "compute", "publishing": "publish"}
PURPOSES = ("all", "reorder", "discover")
METRICS = ("recall@10", "ndcg@10", "hit@10", "precision@10")


def table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """Render rows as a Markdown table, its columns padded."""
    cells = [[_text(cell) for cell in row] for row in (tuple(heads), *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in cells
    )


def _text(value: Any) -> str:
    if not isinstance(value, float):
        return "" if value is None else str(value)
    places = 3 if abs(value) < 1 else 1 if abs(value) < 100 else 0
    return f"{value:,.{places}f}"


def read(folder: Path) -> dict[str, Any]:
    """Read what the parts of the bench wrote."""
    names = ("nightly", "offers", "wizard", "backtest")
    found = {name: folder / f"{name}.json" for name in names}
    return {
        name: json.loads(path.read_text()) if path.exists() else None
        for name, path in found.items()
    }


def show_units(nightly: dict[str, Any]) -> str:
    """The units as the clock did them."""
    rows = []
    for name in ("first", "second"):
        for number, unit in enumerate(nightly[name]["units"], 1):
            costs = [unit[key] for key in ("seconds", "cpu", "backend_cpu")]
            does = UNITS.get(unit["state"], unit["state"])
            rows.append((name, number, does, *costs, int(unit["statements"])))
    heads = ("run", "unit", "does", "s", "CPU s worker", "CPU s database", "statements")
    return table(heads, rows)


def show_stages(nightly: dict[str, Any]) -> str:
    """The stages as the runs recorded them, worker's and child's."""
    rows = []
    second = {stage["name"]: stage for stage in nightly["second"]["stages"]}
    for stage in nightly["first"]["stages"]:
        again = second.get(stage["name"], {})
        rows.append(
            (
                stage["name"],
                stage["seconds"],
                again.get("seconds"),
                stage.get("cpu_seconds"),
                stage.get("peak_mb"),
                stage.get("vms_mb"),
                stage.get("statements"),
            )
        )
    heads = ("stage", "s first", "s second", "CPU s", "peak MB", "virtual MB", "SQL")
    return table(heads, rows)


def show_totals(nightly: dict[str, Any], figures: dict[str, float]) -> str:
    """Each run in all, beside a bare COPY of the same lines."""
    copy = nightly["copy"]
    rows = []
    for name in ("first", "second"):
        run = nightly[name]
        seconds = sum(unit["seconds"] for unit in run["units"])
        rows.append(
            (
                name,
                seconds,
                max(unit["seconds"] for unit in run["units"]),
                seconds / copy["seconds"],
                figures[f"cpu.{name}.seconds"],
                figures[f"cpu.{name}.ratio"],
                f"{run['worker_rss']} / {run['worker_vms']}",
                f"{run['child_rss']} / {run['child_vms']}",
            )
        )
    heads = ("run", "s", "longest unit", "÷ COPY", "CPU s", "÷ COPY (CPU)",
             "MB worker (resident / virtual)", "MB child")  # fmt: skip
    return table(heads, rows)


def show_quality(backtest: dict[str, Any]) -> str:
    """What the run itself says about the last window."""
    rows = [
        (METHODS[method], purpose, *(found[purpose][name] for name in METRICS))
        for method in METHODS
        if (found := backtest.get(method))
        for purpose in PURPOSES
    ]
    return table(("method", "purpose", *METRICS), rows)


def show_windows(rows: list[dict[str, Any]]) -> str:
    """nDCG@10 with its standard error at every cut-off, and the means."""
    cutoffs = sorted({row["cutoff"] for row in rows}, reverse=True)
    found = {(row["method"], row["purpose"], row["cutoff"]): row for row in rows}
    lines = []
    for method, label in METHODS.items():
        for purpose in PURPOSES:
            some = [found[method, purpose, day] for day in cutoffs]
            cells = [f"{one['ndcg@10']:.4f} ± {one['ndcg@10_se']:.4f}" for one in some]
            means = [
                f"{sum(one[metric] for one in some) / len(some):.4f}"
                for metric in METRICS
            ]
            lines.append((label, purpose, *cells, *means))
    means = [f"mean {metric}" for metric in METRICS]
    return table(("method", "purpose", *cutoffs, *means), lines)


def show_lists(data: dict[str, Any]) -> str:
    """One reseller's list: the order tab, the OCA wizard, our action's share."""
    run = data["nightly"]["first"]
    resellers = run["reseller_count"]
    seconds = sum(unit["seconds"] for unit in run["units"])
    share = 1000 * seconds / resellers
    rows = []
    for name, label in (("offers", "order tab reads"), ("wizard", "OCA wizard")):
        if one := data[name]:
            costs = [one[key] for key in ("mean_ms", "median_ms", "p95_ms", "cpu_ms")]
            queries = f"{one['least_queries']:.0f} to {one['most_queries']:.0f}"
            all_of_them = one["mean_ms"] * resellers / 1000
            ratio = one["mean_ms"] / share
            rows.append((label, *costs, queries, one["rows"], one["empty"],
                         all_of_them, ratio))  # fmt: skip
    rows.append(("nightly action, its share", share, None, None,
                 1000 * figures_of(data)["cpu.first.seconds"] / resellers,
                 None, None, None, seconds, 1.0))  # fmt: skip
    heads = ("per reseller", "ms mean", "ms median", "ms p95", "CPU ms", "queries",
             "rows", "empty", "s for all resellers", "÷ action")  # fmt: skip
    return table(heads, rows)


def show_all(data: dict[str, Any], figures: dict[str, float]) -> None:
    """Print every table."""
    nightly = data["nightly"]
    run, copy = nightly["first"], nightly["copy"]
    print(
        f"\nOnline Retail II until {nightly['as_of']}: {run['line_count']:,} lines"
        f" (returns subtracted), {run['order_count']:,} orders,"
        f" {run['reseller_count']:,} resellers, {run['product_count']:,} products;"
        f" {run['recommendation_count']:,} recommendations.\n"
        f"Bare COPY of the lines: {copy['seconds']:.2f} s,"
        f" CPU {copy['cpu'] + copy['backend_cpu']:.2f} s. Meanwhile others kept"
        f" {others_of(data):.1f} of {nightly['cores']} cores busy.\n{run['summary']}"
    )
    parts = {
        "The nightly action, unit by unit": show_units(nightly),
        "Its stages": show_stages(nightly),
        "In all": show_totals(nightly, figures),
        f"Backtest of the run, {run['judged_count']} resellers judged": show_quality(
            run["backtest"]
        ),
        "One reseller's list": show_lists(data),
    }
    if data["backtest"]:
        parts["Backtest: nDCG@10 by cut-off"] = show_windows(data["backtest"]["rows"])
    for title, text in parts.items():
        print(f"\n### {title}\n\n{text}")


def main() -> int:
    """Print, compare, and say by the exit code whether all is well."""
    parser = argparse.ArgumentParser(prog="bench.report", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--baseline", type=Path, required=True)
    parser.add_argument("--store", action="store_true")
    options = parser.parse_args()
    data = read(options.folder)
    figures, noise = figures_of(data), noise_of(data)
    show_all(data, figures)
    result = {"figures": figures, "noise": noise, "measured": data}
    path = options.folder / "result.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    limits = limits_of(data)
    print("\n### Limits\n\n" + table(("what", "found", "limit", ""), limits))
    broken = [row for row in limits if row[-1] == "BROKEN"]
    if options.baseline.exists() and not options.store:
        rows = compare(figures, json.loads(options.baseline.read_text()), is_busy(data))
        heads = ("figure", "baseline", "now", "change", "allowed", "")
        print("\n### Against the baseline\n\n" + table(heads, rows))
        broken += [row for row in rows if row[-1] == "WORSE"]
    if options.store:
        stored = {"figures": figures, "noise": noise}
        options.baseline.write_text(json.dumps(stored, indent=1) + "\n")
        print(f"\nStored in {options.baseline}.")
        if is_busy(data):
            print("The machine was busy: store again when it is idle.")
    open_ = [row for row in limits if row[-1] == "too busy to judge"]
    verdict = "Worse, or a limit is broken." if broken else "Nothing is worse."
    if open_:
        verdict += f" {len(open_)} limits are open: the machine was busy."
    print(f"\n{verdict}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
