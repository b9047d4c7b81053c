"""Measure what was asked for and write tables and plots."""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import engine
from .context import Context
from .data import HISTORIES
from .parts import (
    ablation,
    calibration,
    cold,
    compare,
    dates,
    demand,
    quantity,
    subsets,
    together,
)
from .plots import draw
from .tables import markdown

PARTS: dict[str, Callable[[Context], dict[str, Any]]] = {
    "peers": compare.measure,
    "calibration": calibration.measure,
    "demand": demand.measure,
    "quantity": quantity.measure,
    "dates": dates.measure,
    "together": together.measure,
    "cold": cold.measure,
    "subsets": subsets.measure,
    "ablation": ablation.measure,
}


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench.quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="Online Retail II")
    parser.add_argument("--history", choices=HISTORIES, default="online_retail2")
    parser.add_argument("--out", type=Path, default=Path(".run/bench/quality"))
    parser.add_argument("--short", action="store_true", help="in minutes")
    parser.add_argument("--cutoffs", type=int, help="windows (3; short: 1)")
    parser.add_argument("--parts", default=",".join(PARTS), help="default: all")
    parser.add_argument("--config", default="{}", help="JSON of changed settings")
    options = parser.parse_args()
    options.parts = options.parts.split(",")
    for name in options.parts:
        if name not in PARTS:
            parser.error(f"no part {name!r}; there are {', '.join(PARTS)}")
    return options


def main() -> None:
    """Do the parts that are asked for, and write after each of them."""
    options = parse()
    shop = HISTORIES[options.history](options.data)
    count = options.cutoffs or (1 if options.short else 3)
    config = engine.config_of(json.loads(options.config))
    run = Context(shop, shop.cutoffs(count), options.short, config)
    options.out.mkdir(parents=True, exist_ok=True)
    result: dict[str, Any] = {
        "history": shop.name,
        "about": _about(run),
        "cutoffs": run.cutoffs,
        "short": options.short,
        "config": config.to_dict(),
        "seconds": {},
        "parts": {},
    }
    for name in options.parts:
        begun = time.monotonic()
        result["parts"][name] = PARTS[name](run)
        result["seconds"][name] = time.monotonic() - begun
        _write(result, options.out)
    made = draw(result, options.out)
    print(markdown(result))
    print(f"In {options.out}: quality.md, quality.json, {len(made)} plots.")


def _about(run: Context) -> str:
    orders = run.shop.orders
    return (
        f"{orders['reseller'].nunique():,} resellers, {orders['product'].nunique():,}"
        f" products, {len(orders):,} lines, {orders['date'].min():%Y-%m-%d} to"
        f" {orders['date'].max():%Y-%m-%d}. Judged on the 28 days from each of"
        f" {', '.join(run.cutoffs)}:\nresellers with three orders or more, products"
        " with five buyers or more before it." + (" Short form." if run.short else "")
    )


def _write(result: dict[str, Any], folder: Path) -> None:
    text = json.dumps(_without_nan(result), indent=1, allow_nan=False)
    (folder / "quality.json").write_text(text + "\n")
    (folder / "quality.md").write_text(markdown(result))


def _without_nan(value: Any) -> Any:
    """Write null for what could not be computed: JSON knows no NaN."""
    if isinstance(value, dict):
        return {name: _without_nan(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


if __name__ == "__main__":
    main()
