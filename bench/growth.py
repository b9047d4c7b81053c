r"""Time and memory of the run on ever larger histories: ``python -m bench.growth``.

A history of a factor *f* is made of the real one: each reseller stands in it *f* times,
its days moved by whole weeks, and each product has :math:`\sqrt f` variants, of which
every copy of a reseller keeps to one by product. So rhythms, baskets and the shape of
popularity stay real, while lines and resellers grow with *f*. The library's command
runs on it in a process of its own, with one thread, as the nightly action starts it;
this process needs memory of its own to make the history, which does not count.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .quality.data import online_retail
from .quality.plots import draw_growth
from .report import table

LIBRARY = Path(__file__).parents[1] / "prm_partner_portal"
WEEKS = 4
MIX = 0x9E3779B97F4A7C15
HEADS = (
    "factor",
    "lines",
    "resellers",
    "products",
    "CPU s",
    "exponent",
    "MB resident",
    "most in",
    "nDCG@10",
)
NAMES = (
    "factor",
    "lines",
    "resellers",
    "products",
    "cpu",
    "exponent",
    "memory",
    "peak",
    "ndcg",
)


def grown(orders: pd.DataFrame, factor: int) -> pd.DataFrame:
    """Make a history so many times as large; ids are whole numbers."""
    variants = math.isqrt(factor)
    reseller = pd.factorize(orders["reseller"])[0].astype(np.int64)
    product = pd.factorize(orders["product"])[0].astype(np.int64)
    order = pd.factorize(orders["order"])[0].astype(np.int64)
    day = orders["date"].to_numpy().astype("datetime64[D]")
    parts = []
    for copy in range(factor):
        mixed = (reseller * 31 + product * 17 + copy) * np.int64(1_000_003)
        variant = (mixed.astype(np.uint64) * np.uint64(MIX)) >> np.uint64(40)
        shift = (copy * 5 + reseller) % (WEEKS + 1) if copy else 0 * reseller
        parts.append(
            pd.DataFrame(
                {
                    "reseller": reseller * factor + copy,
                    "product": product * variants
                    + (variant % np.uint64(variants)).astype(np.int64),
                    "order": order * factor + copy,
                    "date": day - 7 * shift,
                    "quantity": orders["quantity"].to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def run(orders: pd.DataFrame, folder: Path) -> dict[str, Any]:
    """Run the command on a history and say what it took."""
    path = folder / "orders.csv"
    orders.to_csv(path, index=False)
    as_of = str(orders["date"].max().date())
    command = [sys.executable, "-m", "recommend", "run", "--orders", str(path)]
    command += ["--as-of", as_of, "--out", str(folder / "answer")]
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    environment = {**os.environ, **threads, "PYTHONPATH": str(LIBRARY)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = json.loads(answer.stdout.splitlines()[-1])
    memory = max(stage["peak_mb"] for stage in result["stages"])
    return {
        "lines": len(orders),
        "resellers": orders["reseller"].nunique(),
        "products": orders["product"].nunique(),
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "memory": memory,
        "peak": next(
            stage["name"] for stage in result["stages"] if stage["peak_mb"] == memory
        ),
        "ndcg": result["backtest"]["engine"]["all"]["ndcg@10"],
        "stages": result["stages"],
    }


def main() -> None:
    """Run all factors, print the table and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder")
    parser.add_argument("--factors", type=int, nargs="+", default=[1, 4, 16])
    options = parser.parse_args()
    orders = online_retail(options.data).orders
    found: list[dict[str, Any]] = []
    options.out.mkdir(parents=True, exist_ok=True)
    for factor in sorted(options.factors):
        with tempfile.TemporaryDirectory() as folder:
            row = run(grown(orders, factor), Path(folder))
        exponent = None
        if found:
            last = found[-1]
            grew = row["lines"] / last["lines"]
            exponent = math.log(row["cpu"] / last["cpu"]) / math.log(grew)
        found.append({"factor": factor, **row, "exponent": exponent})
        (options.out / "growth.json").write_text(json.dumps(found, indent=1))
    rows = [[row[name] for name in NAMES] for row in found]
    text = table(HEADS, rows)
    (options.out / "growth.md").write_text(text + "\n")
    print(text)
    if find_spec("matplotlib"):
        draw_growth(found, options.out / "growth.png")


if __name__ == "__main__":
    main()
