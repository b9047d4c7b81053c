"""Reading one reseller's list: ``python -m bench.peer offers | wizard``.

``offers`` is what the order tab reads, ``wizard`` what the OCA addon
``sale_order_product_recommendation`` works out for a draft order, which is installed
in a scratch database for this comparison only. Both for the same resellers.
"""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .database import ADMIN, Clock, database_parser, open_registry, transaction

WARM_UP = 5


def sample(env: Any, size: int) -> Any:
    """Take active relationships at equal distances, always the same."""
    ids = env["prm.relationship"].search([("state", "=", "active")], order="id").ids
    return env["prm.relationship"].browse(ids[:: max(1, len(ids) // size)][:size])


def measure(env: Any, work: Callable[[], int]) -> dict[str, float]:
    """Time one call with nothing cached of the one before."""
    env.flush_all()
    env.invalidate_all()
    clock = Clock(env.cr)
    rows = work()
    env.flush_all()
    return {"rows": rows, **clock.read()}


def read_offers(env: Any, relationship: Any) -> dict[str, float]:
    """Time the list of the order tab, with what the form of a new order sends."""
    order = env["sale.order"].new({"partner_id": relationship.partner_id.id})
    form = {
        "pricelist_id": order.pricelist_id.id,
        "warehouse_id": order.warehouse_id.id,
        "fiscal_position_id": order.fiscal_position_id.id,
        "date_order": str(order.date_order),
    }

    def work() -> int:
        offers = relationship.get_offers(form)
        return len(offers["due"]) + len(offers["new"])

    return measure(env, work)


def generate(env: Any, relationship: Any) -> dict[str, float]:
    """Time the OCA wizard on a draft order; nothing found counts, too."""
    from odoo.exceptions import UserError

    order = env["sale.order"].create({"partner_id": relationship.partner_id.id})
    wizards = env["sale.order.recommendation"].with_context(active_id=order.id)

    def work() -> int:
        wizard = wizards.create({})
        try:
            wizard.generate_recommendations()
        except UserError:
            return 0
        return len(wizard.line_ids)

    return measure(env, work)


def summarize(calls: list[dict[str, float]]) -> dict[str, Any]:
    """Give the figures of a sample of calls."""
    times = sorted(1000 * call["seconds"] for call in calls)
    queries = [call["statements"] for call in calls]
    cpu = [1000 * (call["cpu"] + call["backend_cpu"]) for call in calls]
    return {
        "calls": len(calls),
        "mean_ms": statistics.mean(times),
        "median_ms": statistics.median(times),
        "p95_ms": times[int(0.95 * len(times))],
        "cpu_ms": statistics.mean(cpu),
        "least_queries": min(queries),
        "most_queries": max(queries),
        "calls_by_queries": dict(sorted(Counter(queries).items())),
        "rows": statistics.mean(call["rows"] for call in calls),
        "empty": sum(not call["rows"] for call in calls),
    }


def main() -> None:
    """Measure one of the two and write its figures."""
    parser = database_parser("peer", __doc__)
    parser.add_argument("what", choices=["offers", "wizard"])
    parser.add_argument("--out", type=Path, required=True, help="folder")
    parser.add_argument("--sample", type=int, default=200)
    options = parser.parse_args()
    registry = open_registry(options.config, options.database)
    call = read_offers if options.what == "offers" else generate
    with transaction(registry, ADMIN) as env:
        relationships = sample(env, options.sample)
        for relationship in relationships[:WARM_UP]:
            call(env, relationship)
        calls = [call(env, relationship) for relationship in relationships]
        env.cr.rollback()
        result = summarize(calls)
        stored = env["prm.recommendation"].sudo().search_count([])
        result["stored"] = stored
    path = options.out / f"{options.what}.json"
    path.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
