"""Do the probabilities come true?"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from recommend.metrics import brier_score

from ..context import Context, Outlook
from ..lines import Mask
from .chances import OwnChance, Reals

BINS = 10
_TOP = 20


def measure(run: Context) -> dict[str, Any]:
    """Compare probabilities with what happened, ours beside own frequency's."""
    rows, curves = [], []
    for cutoff in run.cutoffs:
        look = run.outlook(cutoff)
        run.say(f"{cutoff}: calibration")
        theirs = OwnChance(run.split(cutoff)).of(look.reseller, look.product)
        for lines, kept in _groups(run, cutoff, look).items():
            bought = look.hit[kept]
            rate = float(bought.mean())
            for method, chance in (("engine", look.chance), ("own frequency", theirs)):
                row = {
                    "cutoff": cutoff,
                    "lines": lines,
                    "method": method,
                    "count": int(kept.sum()),
                    "bought": rate,
                    **judged(chance[kept], bought),
                }
                rows.append(row)
                for kind, bins in (("mass", equal_mass), ("width", equal_width)):
                    points = curve(chance[kept], bought, bins(chance[kept]))
                    curves.append(
                        {name: row[name] for name in ("cutoff", "lines", "method")}
                        | {"bins": kind, "points": points}
                    )
    return {"rows": rows, "curves": curves}


def _groups(run: Context, cutoff: str, look: Outlook) -> dict[str, Mask]:
    judge = run.split(cutoff).judge
    known = np.isin(look.reseller, judge.eligible)
    top = look.rank <= _TOP
    return {
        "top 20, three orders or more": top & known,
        "top 20, everybody": top,
        "top 20, bought before": top & known & ~look.new,
        "top 20, new": top & known & look.new,
        "all candidates": np.ones(len(top), dtype=bool),
    }


def judged(chance: Reals, bought: Mask) -> dict[str, float]:
    """Return calibration errors, Brier score and skill, and sums."""
    rate = float(bought.mean())
    brier = brier_score(chance, bought)
    return {
        "ece_mass": calibration_error(chance, bought, equal_mass(chance)),
        "ece_width": calibration_error(chance, bought, equal_width(chance)),
        "brier": brier,
        # Above always saying the mean.
        "skill": 1.0 - brier / max(rate * (1.0 - rate), 1e-12),
        "expected": float(chance.sum()),
        "happened": int(bought.sum()),
    }


def equal_mass(chance: Reals) -> npt.NDArray[np.int64]:
    """Return the bin of each line: ten of the same size, by rank."""
    order = np.argsort(chance, kind="stable")
    bins = np.empty(len(chance), dtype=np.int64)
    bins[order] = np.arange(len(chance)) * BINS // max(len(chance), 1)
    return bins


def equal_width(chance: Reals) -> npt.NDArray[np.int64]:
    """Return the bin of each line: ten of the same width."""
    return np.minimum((chance * BINS).astype(np.int64), BINS - 1)


def curve(
    chance: Reals, bought: Mask, bins: npt.NDArray[np.int64]
) -> list[tuple[float, float, int]]:
    """Return mean probability, share bought and size of each bin that is not empty."""
    size = np.bincount(bins, minlength=BINS)
    said = np.bincount(bins, weights=chance, minlength=BINS)
    came = np.bincount(bins, weights=bought, minlength=BINS)
    return [
        (float(said[place] / count), float(came[place] / count), int(count))
        for place, count in enumerate(size)
        if count
    ]


def calibration_error(
    chance: Reals, bought: Mask, bins: npt.NDArray[np.int64]
) -> float:
    r"""Return the expected calibration error.

    .. math:: \sum_b \frac{n_b}{n} |\bar p_b - \bar y_b|
    """
    points = curve(chance, bought, bins)
    total = sum(abs(said - came) * count for said, came, count in points)
    return float(total / max(len(chance), 1))
