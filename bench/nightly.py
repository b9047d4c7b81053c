"""The nightly action, unit by unit as the clock does it: ``python -m bench.nightly``.

Odoo's own process measures itself: nothing is imported here that a worker does not
import, and its limit of virtual memory is on.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from .database import (
    Clock,
    database_parser,
    machine_cpu,
    open_registry,
    transaction,
    vacuum,
)

COPIES = 3
MOST_UNITS = 100
RUN_FIELDS = (
    "line_count",
    "order_count",
    "reseller_count",
    "product_count",
    "recommendation_count",
    "worker_rss",
    "worker_vms",
    "child_rss",
    "child_vms",
    "stages",
    "judged_count",
    "backtest",
    "summary",
)
BARE_COPY = """
COPY (SELECT l.order_id, o.prm_relationship_id, l.product_id, o.date_order,
             l.product_uom_qty, l.price_subtotal
        FROM sale_order_line l
        JOIN sale_order o ON o.id = l.order_id
       WHERE o.state = 'sale') TO STDOUT WITH (FORMAT csv, HEADER)
"""


def prepare(registry: Any) -> None:
    """Forget earlier runs, and let the last order be of the last day known."""
    with transaction(registry) as env:
        as_of = env["prm.dataset"]._get_as_of(env.company)
        env.cr.execute("DELETE FROM prm_recommendation")
        env.cr.execute("DELETE FROM prm_recommendation_run")
        env.cr.execute(
            """
            UPDATE sale_order
               SET date_order = date_order + (%s - last.day) * interval '1 day'
              FROM (SELECT max(date_order)::date AS day FROM sale_order) last
             WHERE last.day <> %s
            """,
            [as_of, as_of],
        )
    vacuum(registry, "sale_order", "prm_recommendation", "prm_recommendation_run")


def bare_copy(registry: Any, path: Path) -> list[dict[str, float]]:
    """What it costs PostgreSQL to write the same lines to a file, several times."""
    costs = []
    with transaction(registry) as env:
        for _ in range(COPIES):
            clock = Clock(env.cr)
            with path.open("wb") as file:
                env.cr.copy_expert(BARE_COPY, file)
            costs.append(clock.read())
    path.unlink()
    return costs


def run_once(registry: Any) -> dict[str, Any]:
    """Ask for a run and do its units until it has ended."""
    with transaction(registry) as env:
        run_id = env["prm.recommendation.run"]._request_run(env.company).id
    units: list[dict[str, Any]] = []
    state = "waiting"
    while state not in ("held", "done", "failed") and len(units) < MOST_UNITS:
        with transaction(registry) as env:
            # Where the calculation takes long the clock would be back in a minute.
            env.cr.execute("UPDATE prm_recommendation_run SET next_try = NULL")
            env.cr.commit()
            clock = Clock(env.cr)
            runs = env["prm.recommendation.run"]
            runs._cron_advance()
            env.cr.commit()
            units.append({"state": state, **clock.read()})
            state = runs.browse(run_id).state
    return {"units": units, **_read_run(registry, run_id)}


def _read_run(registry: Any, run_id: int) -> dict[str, Any]:
    with transaction(registry) as env:
        run = env["prm.recommendation.run"].browse(run_id)
        if run.state != "done":
            sys.exit(f"The run ended as {run.state}: {run.error} {run.error_detail}")
        return {name: run[name] for name in RUN_FIELDS}


def write_inputs(registry: Any, folder: Path) -> str:
    """Write the library's files once more, to judge more cut-offs; :return: as_of."""
    folder.mkdir(parents=True, exist_ok=True)
    with transaction(registry) as env:
        dataset = env["prm.dataset"]
        as_of = dataset._get_as_of(env.company)
        dataset._prepare_tables(env.company)
        dataset._write_files(env.company, folder, as_of)
    return as_of.isoformat()


def main() -> None:
    """Measure two runs: the first publish, and one that changes nothing."""
    parser = database_parser("nightly", __doc__)
    parser.add_argument(
        "--out", type=Path, help="folder; without it one run, no figures"
    )
    options = parser.parse_args()
    registry = open_registry(options.config, options.database)
    prepare(registry)
    if not options.out:
        run_once(registry)
        return
    scratch = options.out / "copy.csv"
    copies = bare_copy(registry, scratch)
    begun, machine = time.monotonic(), machine_cpu()
    result: dict[str, Any] = {"first": run_once(registry), "second": run_once(registry)}
    result["seconds"] = time.monotonic() - begun
    result["machine_cpu"] = machine_cpu() - machine
    copies += bare_copy(registry, scratch)
    result["copy"] = {
        name: statistics.median(copy[name] for copy in copies) for name in copies[0]
    }
    result["cores"] = os.cpu_count()
    result["as_of"] = write_inputs(registry, options.out / "files")
    (options.out / "nightly.json").write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
