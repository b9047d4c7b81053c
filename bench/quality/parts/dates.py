"""When: due dates beside the days of the next purchases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ..context import Context, Outlook
from ..data import HORIZON
from ..lines import Ints, Mask
from ..truth import Truth

NEAR = 7
_TOP = 20
_MIDDLE = HORIZON // 2


def measure(run: Context) -> dict[str, Any]:
    """Judge the dates of products bought before.

    A date that lies in the past means tomorrow. The last cut-off knows the next 28
    days alone, earlier ones all that followed.
    """
    rows = []
    for cutoff in run.cutoffs:
        split, look = run.split(cutoff), run.outlook(cutoff)
        after = run.shop.orders[run.shop.orders["date"] > pd.Timestamp(cutoff)]
        later = Truth(after, split.before)
        day, history = split.before.as_of, split.history()
        lines = ~look.new & (look.rank <= _TOP)
        lines &= np.isin(look.reseller, split.judge.eligible)
        key = look.reseller * later.size + look.product
        pairs = history.pair_reseller * later.size + history.pair_product
        place = np.minimum(np.searchsorted(pairs, key), len(pairs) - 1)
        count, first, last = (
            values[place]
            for values in (history.pair_count, history.pair_first, history.pair_last)
        )
        mean = last + np.rint((last - first) / np.maximum(count - 1, 1))
        guesses = {
            "engine": look.due,
            "last + own mean interval": mean.astype(np.int64),
            "always in two weeks": np.full(len(key), day + _MIDDLE),
        }
        dated = lines & (look.due > 0) & (count > 1)
        for name, said in guesses.items():
            rows.append(
                {"cutoff": cutoff, "method": name}
                | _judged(np.maximum(said, day + 1), dated, look, later, day)
                | {"dated": float((look.due > 0)[lines].mean())}
            )
    return {"rows": rows}


def _judged(
    said: Ints, dated: Mask, look: Outlook, later: Truth, day: int
) -> dict[str, float]:
    """Return shares within seven days of the next purchase."""
    found = later.find(look.reseller, look.product)
    bought = dated & (found >= 0)
    next_day = later.day[found]
    window = bought & (next_day <= day + HORIZON)
    error = np.abs(said - next_day)
    in_window = dated & (said <= day + HORIZON)
    return {
        "lines": int(dated.sum()),
        "bought_in_window": int(window.sum()),
        "near_if_in_window": _share(error <= NEAR, window),
        "bought_later": int(bought.sum()),
        "near_if_later": _share(error <= NEAR, bought),
        "median_days": float(np.median(error[bought])) if bought.any() else np.nan,
        "promised": int(in_window.sum()),
        "kept": _share((error <= NEAR) & (found >= 0), in_window),
    }


def _share(of: Mask, among: Mask) -> float:
    return float(of[among].mean()) if among.any() else float("nan")
