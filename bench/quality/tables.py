"""What was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..report import table
from .lines import WANTED

Rows = list[dict[str, Any]]
OURS = "engine"


def markdown(result: dict[str, Any]) -> str:
    """Write all parts that were measured, one below the other."""
    head = "# Quality on {history}\n\n{about}\n".format(**result)
    parts = [WRITERS[name](found) for name, found in result["parts"].items()]
    return "\n\n".join([head.rstrip(), *parts]) + "\n"


def _named(method: str) -> str:
    return "**ours**" if method == OURS else method


def _unique(rows: Rows, column: str) -> list[Any]:
    return list(dict.fromkeys(row[column] for row in rows))


def _pick(rows: Rows, **where: Any) -> Rows:
    return [row for row in rows if all(row[k] == v for k, v in where.items())]


def _mean(rows: Rows, column: str) -> float:
    return float(np.mean([row[column] for row in rows])) if rows else float("nan")


def _mean_error(rows: Rows) -> float:
    """Return the standard error of the mean over windows."""
    squares = [row["ndcg@10_se"] ** 2 for row in rows]
    return float(np.sqrt(np.sum(squares)) / max(len(rows), 1))


def _with_error(value: float, error: float) -> str:
    return f"{value:.3f} ± {error:.3f}"


def _signed(value: float, error: float) -> str:
    return f"{value:+.3f} ± {error:.3f}"


def _compare(found: dict[str, Any]) -> str:
    rows, costs = found["rows"], found["costs"]
    cutoffs = _unique(rows, "cutoff")
    parts = ["## Ours and the peers\n\nnDCG@10 ± standard error over the resellers."]
    for cutoff in cutoffs:
        some = _pick(rows, cutoff=cutoff)
        judged = ", ".join(
            f"{_pick(some, purpose=purpose)[0]['judged']:,} {purpose}"
            for purpose in WANTED
        )
        body = [
            (_named(method), *(_cell(some, method, purpose) for purpose in WANTED))
            for method in _unique(some, "method")
        ]
        parts.append(f"### Window from {cutoff}: judged {judged}")
        parts.append(table(("method", *WANTED), body))
    parts.append("### Mean of these windows, and what it costs")
    parts.append(
        "CPU seconds of fit and of the lists of the judged resellers; MB that memory"
        " grew by.\nOurs with the reasons and one list, the others with three lists."
    )
    parts.append(_means(rows, costs))
    parts.append("### All measures, mean over the windows")
    parts.append(_all_measures(rows))
    parts.append("### Ours less theirs, reseller by reseller (nDCG@10)")
    parts.append(_differences(found["differences"]))
    return "\n\n".join(parts)


def _cell(rows: Rows, method: str, purpose: str) -> str:
    row = _pick(rows, method=method, purpose=purpose)[0]
    return _with_error(row["ndcg@10"], row["ndcg@10_se"])


def _means(rows: Rows, costs: Rows) -> str:
    body = []
    for method in _unique(rows, "method"):
        cost = _pick(costs, method=method)
        quality = [
            _with_error(_mean(some, "ndcg@10"), _mean_error(some))
            for p in WANTED
            if (some := _pick(rows, method=method, purpose=p))
        ]
        spent = [f"{_mean(cost, name):.1f}" for name in ("fit", "lists")]
        body.append((_named(method), *quality, *spent, f"{_mean(cost, 'mb'):.0f}"))
    return table(("method", *WANTED, "fit s", "lists s", "MB"), body)


def _all_measures(rows: Rows) -> str:
    names = [f"{name}@{k}" for k in (10, 20)
             for name in ("ndcg", "recall", "hit", "precision")]  # fmt: skip
    body = []
    for purpose in WANTED:
        for method in _unique(rows, "method"):
            some = _pick(rows, method=method, purpose=purpose)
            values = [f"{_mean(some, name):.3f}" for name in (*names, "coverage@10")]
            body.append((purpose, _named(method), *values))
    return table(("purpose", "method", *names, "coverage@10"), body)


def _differences(rows: Rows) -> str:
    heads = [f"{purpose}, {cutoff}" for purpose in WANTED
             for cutoff in _unique(rows, "cutoff")]  # fmt: skip
    body = []
    for method in _unique(rows, "method"):
        some = [_pick(rows, method=method, purpose=p, cutoff=c)[0]
                for p in WANTED for c in _unique(rows, "cutoff")]  # fmt: skip
        body.append((method, *(_signed(r["difference"], r["se"]) for r in some)))
    return table(("method", *heads), body)


def _plain(
    title: str, text: str, columns: dict[str, str], key: str = "rows"
) -> Callable[[dict[str, Any]], str]:
    """Return a writer of one table: headings by name of the column."""

    def write(found: dict[str, Any]) -> str:
        body = [[_value(row[name]) for name in columns] for row in found[key]]
        return f"## {title}\n\n{text}\n\n{table(columns.values(), body)}"

    return write


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4f}"
    return _named(str(value)) if isinstance(value, str) else f"{value:,}"


def _subsets(found: dict[str, Any]) -> str:
    body = [
        (
            f"{row['subsets']} of {row['size']}",
            f"{row['judged']:.0f}",
            _with_error(row["engine"], row["engine_sd"]),
            _with_error(row["own"], row["own_sd"]),
            _signed(row["difference"], row["difference_sd"]),
            f"{row['worst']:+.3f}",
            row["below"],
        )
        for row in found["summary"]
    ]
    heads = ("subsets", "judged in one", "ours", "own frequency with fill",
             "difference", "worst", "below")  # fmt: skip
    text = (
        "nDCG@10 of `all`, mean ± standard deviation over random subsets of the"
        " resellers,\neach fitted on its own orders alone and judged on all windows."
    )
    return f"## Small distributors\n\n{text}\n\n{table(heads, body)}"


def _ablation(found: dict[str, Any]) -> str:
    rows = found["rows"]
    cutoffs = _unique(rows, "cutoff")
    heads = [f"{purpose}, {cutoff}" for cutoff in cutoffs for purpose in WANTED]
    body = []
    for name in _unique(rows, "without"):
        some = [_pick(rows, without=name, cutoff=c, purpose=p)[0]
                for c in cutoffs for p in WANTED]  # fmt: skip
        cells = [
            f"{row['ndcg@10']:.3f} ({_signed(row['difference'], row['se'])})"
            for row in some
        ]
        body.append((name, *cells, f"{_mean(some, 'fit'):.1f}"))
    text = "nDCG@10, and the difference to the whole ± its standard error."
    return f"## Ablation\n\n{text}\n\n{table(('ours with', *heads, 'fit s'), body)}"


WRITERS: dict[str, Callable[[dict[str, Any]], str]] = {
    "peers": _compare,
    "calibration": _plain(
        "Calibration",
        "Expected calibration error in ten bins of equal mass and of equal width; skill"
        " is the share of\nthe Brier score's error that always saying the mean would"
        " leave. Own frequency with its rates in the window before.",
        {"cutoff": "window from", "lines": "lines", "method": "method",
         "count": "count", "ece_mass": "ECE mass", "ece_width": "ECE width",
         "brier": "Brier", "skill": "skill", "expected": "expected",
         "happened": "bought"},
    ),
    "demand": _plain(
        "Demand: buyers of each product in 28 days",
        "Weighted absolute percentage error over all listed products.",
        {"cutoff": "window from", "method": "method", "wape": "WAPE", "bias": "bias",
         "correlation": "correlation", "expected": "expected", "actual": "actual"},
    ),
    "quantity": _plain(
        "Quantity of listed products that were bought",
        "Median relative error |said - taken| / taken; mean of it (each at most 10),"
        " mean\nabsolute logarithm, and shares that were exact and within a half.",
        {"cutoff": "window from", "lines": "lines", "method": "method",
         "count": "count", "median_error": "median", "mean_error": "mean",
         "log_error": "log", "exact": "exact", "within_half": "within half"},
    ),
    "dates": _plain(
        "Due dates in the top 20 of `all`",
        "Shares within ± 7 days of the next purchase: among those bought in the window,"
        " among those\nbought at any later day that is known, and among all that were"
        " due in the window. Dated: share\nof lines bought before that have a date."
        " Others are judged on the same lines.",
        {"cutoff": "window from", "method": "method", "dated": "dated",
         "lines": "lines", "bought_in_window": "bought in window",
         "near_if_in_window": "± 7 of these", "bought_later": "bought later",
         "near_if_later": "± 7 of these ", "median_days": "median days",
         "promised": "due in window", "kept": "kept ± 7"},
    ),
    "together": _plain(
        "What goes with an order",
        "Baskets of the window with four products or more: half of each is given by"
        " lot, ten products\nare named, the other half is what is looked for. Recall"
        " of at most ten.",
        {"cutoff": "window from", "method": "method", "baskets": "baskets",
         "hit@10": "hit@10", "hit@10_se": "s.e.", "precision@10": "precision@10",
         "recall@10": "recall@10"},
    ),
    "cold": _plain(
        "New resellers and new products",
        "Held out whole, known by attributes alone; nDCG@10. New products are ranked"
        " among themselves.\nThe difference is ours less theirs, reseller by reseller.",
        {"cutoff": "window from", "new": "new", "method": "method",
         "judged": "judged", "ndcg@10": "nDCG@10", "se": "s.e.",
         "difference": "difference", "difference_se": "its s.e."},
    ),
    "subsets": _subsets,
    "ablation": _ablation,
}  # fmt: skip
"""One writer a part; ``_plain`` names the columns it shows."""
