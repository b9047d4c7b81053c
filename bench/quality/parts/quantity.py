"""How much is proposed, beside what was taken the last time."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..context import Context
from .chances import Reals

_TOP = 20


def measure(run: Context) -> dict[str, Any]:
    """Compare quantities on listed products that were bought in the window."""
    rows = []
    for cutoff in run.cutoffs:
        look, truth = run.outlook(cutoff), run.truth(cutoff)
        history = run.split(cutoff).history()
        size = history.n_products
        pairs = history.pair_reseller * size + history.pair_product
        key = look.reseller * size + look.product
        last_line = history.pair_end - 1
        last = history.purchases.quantity[last_line].astype(np.float64)
        usual = np.ones(size)
        for product, values in _by_product(history.pair_product, last).items():
            usual[product] = values
        for lines, kept in {
            "top 20, bought before": look.hit & ~look.new & (look.rank <= _TOP),
            "all candidates, bought before": look.hit & ~look.new,
            "all candidates, new": look.hit & look.new,
        }.items():
            actual = truth.quantity[look.bought[kept]]
            other = usual[look.product[kept]]
            name = "median of its buyers"
            if "new" not in lines:
                place = np.searchsorted(pairs, key[kept])
                other, name = last[place], "same as last time"
            for method, said in (("engine", look.quantity[kept]), (name, other)):
                rows.append({"cutoff": cutoff, "lines": lines, "method": method}
                            | errors(said, actual))  # fmt: skip
    return {"rows": rows}


def _by_product(product: np.ndarray, values: Reals) -> dict[int, float]:
    order = np.argsort(product, kind="stable")
    codes, starts = np.unique(product[order], return_index=True)
    parts = np.split(values[order], starts[1:])
    return {
        int(code): float(np.median(part))
        for code, part in zip(codes, parts, strict=True)
    }


def errors(said: Reals, actual: Reals) -> dict[str, float]:
    """Return the median relative error, its mean in logs, and shares near the truth."""
    relative = np.abs(said - actual) / actual
    logs = np.abs(np.log(np.maximum(said, 1e-9) / actual))
    return {
        "count": len(actual),
        "median_error": float(np.median(relative)),
        "mean_error": float(np.mean(np.minimum(relative, 10.0))),
        "log_error": float(np.mean(logs)),
        "exact": float(np.mean(relative < 1e-6)),
        "within_half": float(np.mean(relative <= 0.5)),
    }
