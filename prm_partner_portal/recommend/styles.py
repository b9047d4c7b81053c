"""How safe or how new what is shown first is, and what that costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from .judgement import Judge, day_text
from .lists import Listed

__all__ = ["STYLES", "style_rows"]

STYLES = {"safe": (10, 3), "balanced": (8, 5), "new": (5, 8)}
"""Products bought before, and products never bought, that are shown first."""


def style_rows(
    judge: Judge, listed: Listed, purposes: list[str]
) -> list[dict[str, Any]]:
    """Return for each style how much of what it shows first was bought.

    Parameters
    ----------
    judge
        Knows the truth.
    listed
        Lists of the resellers that are judged, and maybe of others.
    purposes
        Names by place in ``listed.purpose``; with ``reorder`` and ``discover``.
    """
    bought = np.isin(listed.reseller * judge.size + listed.product, judge.keys)
    inside = np.isin(listed.reseller, judge.resellers)
    old = inside & (listed.purpose == purposes.index("reorder"))
    new = inside & (listed.purpose == purposes.index("discover"))
    rows = []
    for name, (due, fresh) in STYLES.items():
        shown = (old & (listed.rank <= due)) | (new & (listed.rank <= fresh))
        rows.append(
            {
                "method": "style",
                "cutoff": day_text(judge.day),
                "purpose": name,
                "judged": len(judge.resellers),
                "bought": int(bought[shown].sum()),
                "bought_share": bought[shown].mean() if shown.any() else float("nan"),
                "new_share": new[shown].mean() if shown.any() else float("nan"),
            }
        )
    return rows
