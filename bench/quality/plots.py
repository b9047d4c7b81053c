"""What was measured, as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .lines import WANTED

_OURS, _OTHERS = "#c0392b", "#5d7b93"


def draw(result: dict[str, Any], folder: Path) -> list[Path]:
    """Write the pictures of the parts that were measured."""
    import matplotlib

    matplotlib.use("Agg")
    parts, made = result["parts"], []
    if "peers" in parts:
        made.append(_quality(parts["peers"], folder / "quality.png"))
        made.append(_against_time(parts["peers"], folder / "time.png"))
    if "calibration" in parts:
        made.append(_reliability(parts["calibration"], folder / "reliability.png"))
    return made


def draw_growth(rows: list[dict[str, Any]], path: Path) -> Path:
    """Draw time and memory against lines, each beside what grows with exponent 1."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    lines = np.array([row["lines"] for row in rows])
    figure, axes = pyplot.subplots(1, 2, figsize=(11, 4.5))
    for axis, name, title in (
        (axes[0], "cpu", "CPU seconds"),
        (axes[1], "memory", "MB resident at most"),
    ):
        found = np.array([row[name] for row in rows])
        even = found[0] * lines / lines[0]
        axis.plot(lines, even, "--", color=_OTHERS, label="exponent 1")
        axis.plot(lines, found, "o-", color=_OURS, label="ours")
        for row, value in zip(rows, found, strict=True):
            text, point = f"{row['factor']}\u00d7: {value:,.0f}", (row["lines"], value)
            axis.annotate(text, point, (4, -14), textcoords="offset points")
        axis.margins(x=0.15)
        axis.set(xscale="log", yscale="log", xlabel="order lines", title=title)
        axis.set_ylim(bottom=found.min() / 2)
        axis.spines[["top", "right"]].set_visible(False)
        axis.legend(frameon=False)
    return _saved(figure, path)


def _quality(found: dict[str, Any], path: Path) -> Path:
    """Draw nDCG@10 by purpose with standard errors, means over the windows."""
    from matplotlib import pyplot

    rows = found["rows"]
    methods = list(dict.fromkeys(row["method"] for row in rows))
    figure, axes = pyplot.subplots(1, len(WANTED), figsize=(12, 4.5), sharey=True)
    for axis, purpose in zip(axes, WANTED, strict=True):
        means, errors = [], []
        for method in methods:
            some = [r for r in rows if (r["method"], r["purpose"]) == (method, purpose)]
            means.append(np.mean([row["ndcg@10"] for row in some]))
            squares = [row["ndcg@10_se"] ** 2 for row in some]
            errors.append(np.sqrt(np.sum(squares)) / len(some))
        colours = [_OURS if method == "engine" else _OTHERS for method in methods]
        axis.barh(methods, means, xerr=errors, color=colours)
        axis.set_title(purpose)
        axis.set_xlabel("nDCG@10")
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].invert_yaxis()
    axes[0].set_yticks(range(len(methods)), [_label(method) for method in methods])
    return _saved(figure, path)


def _against_time(found: dict[str, Any], path: Path) -> Path:
    """Draw quality against CPU seconds of fit and lists."""
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(9, 5))
    points = sorted(_quality_and_seconds(found))
    places = _apart([quality for quality, _, _ in points], 0.015)
    for (quality, seconds, method), place in zip(points, places, strict=True):
        colour = _OURS if method == "engine" else _OTHERS
        axis.scatter([seconds], [quality], color=colour, zorder=2)
        axis.annotate(
            _label(method), (seconds, quality), (1.03, place), fontsize=8,
            textcoords=axis.get_yaxis_transform(), color=colour, va="center",
            arrowprops={"arrowstyle": "-", "color": "#dddddd"},
        )  # fmt: skip
    axis.set_xscale("log")
    axis.set_xlabel("CPU seconds: fit, and lists of the judged resellers")
    axis.set_ylabel("nDCG@10, all")
    axis.spines[["top", "right"]].set_visible(False)
    return _saved(figure, path)


def _quality_and_seconds(found: dict[str, Any]) -> list[tuple[float, float, str]]:
    """Return quality of `all`, CPU seconds and name of each method."""
    points = []
    for method in dict.fromkeys(row["method"] for row in found["rows"]):
        costs = [row for row in found["costs"] if row["method"] == method]
        rows = [
            row["ndcg@10"]
            for row in found["rows"]
            if (row["method"], row["purpose"]) == (method, "all")
        ]
        seconds = float(np.mean([row["fit"] + row["lists"] for row in costs]))
        points.append((float(np.mean(rows)), seconds, method))
    return points


def _apart(values: list[float], least: float) -> list[float]:
    """Move sorted values until none is nearer than so much to the one before."""
    places: list[float] = []
    for value in values:
        places.append(max(value, places[-1] + least) if places else value)
    highest = values[-1] + least
    for place in reversed(range(len(places))):
        places[place] = min(places[place], highest)
        highest = places[place] - least
    return places


def _reliability(found: dict[str, Any], path: Path) -> Path:
    """Draw how often what was said came true, in ten bins of equal mass."""
    from matplotlib import pyplot

    shown = ("top 20, three orders or more", "all candidates")
    figure, axes = pyplot.subplots(1, len(shown), figsize=(11, 5))
    for axis, lines in zip(axes, shown, strict=True):
        for curve in found["curves"]:
            if (curve["lines"], curve["bins"]) != (lines, "mass"):
                continue
            said, came, _ = zip(*curve["points"], strict=True)
            ours = curve["method"] == "engine"
            axis.plot(
                said, came, "o-" if ours else "s--", markersize=4, linewidth=1,
                color=_OURS if ours else _OTHERS, alpha=0.8,
                label=f"{_label(curve['method'])}, {curve['cutoff']}",
            )  # fmt: skip
        most = max(axis.get_xlim()[1], axis.get_ylim()[1])
        axis.plot([0, most], [0, most], color="#999999", linewidth=0.8)
        axis.set(title=lines, xlim=(0, most), ylim=(0, most))
        axis.set_xlabel("probability")
        axis.set_ylabel("share bought")
        axis.spines[["top", "right"]].set_visible(False)
        axis.legend(fontsize=7)
    return _saved(figure, path)


def _label(method: str) -> str:
    return "ours" if method == "engine" else method


def _saved(figure: Any, path: Path) -> Path:
    from matplotlib import pyplot

    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
    return path
