"""What it takes to open a page: ``python -m bench.pages``, on a base with a crowd.

Each page is opened as its salesperson, with the calls that the web client makes, each
in a transaction of its own, as a request is. Beside ours stand Odoo's own list of
quotations and its sales analysis, for the same person on the same rows.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import client, crowd
from .client import Call, View, call
from .database import (
    Clock,
    database_parser,
    machine_cpu,
    open_registry,
    transaction,
    vacuum,
)
from .pages_report import (
    ANALYSIS,
    DAY_MS,
    FIND,
    FIRST,
    FOUND,
    IDLE,
    LARGE,
    MANAGER,
    MARKS_MS,
    QUOTATIONS,
)

WARM_UP, REPEATS = 2, 7
CHUNKS_MOST = 6
RELATIONSHIP, REPORT = "prm.relationship", "prm.recommendation.report"
ACTIVE = [("state", "=", "active")]
FUNNEL = ("shown", "offered", "added", "ordered")
CAME = [("stage", "in", FUNNEL), ("date", ">", "today -90d")]
SOLD = [
    ("state", "!=", "cancel"),
    ("state", "not in", ("draft", "cancel", "sent")),
    ("date", ">=", "-365d"),
]
LAST_PRODUCTS = """
SELECT l.product_id
  FROM sale_order_line l
 WHERE l.order_id = (SELECT o.id FROM sale_order o
                      WHERE o.prm_relationship_id = %s AND o.state = 'sale'
                      ORDER BY o.date_order DESC LIMIT 1)
 GROUP BY 1 ORDER BY 1 LIMIT 5
"""
WIPED = """
DELETE FROM prm_recommendation; DELETE FROM prm_recommendation_event;
DELETE FROM mail_activity WHERE res_model = 'prm.relationship';
UPDATE sale_order SET prm_relationship_id = NULL; DELETE FROM prm_relationship
"""


@dataclass
class Page:
    """A page, who opens it, and the calls that its n-th opening makes."""

    name: str
    user: int
    calls: Callable[[int], list[Call]]
    limit: float | None = None


def same(calls: list[Call]) -> Callable[[int], list[Call]]:
    """Open the same page each time."""
    return lambda _number: calls


def context_of(env: Any) -> dict[str, Any]:
    """Give what the client sends with each call."""
    context = dict(env["res.users"].context_get())
    return {**context, "allowed_company_ids": env.user.company_ids.ids}


def ask(registry: Any, user: int, one: Call) -> dict[str, float]:
    """Make a call as a request does, and undo it; :return: what it took"""
    from odoo import api
    from odoo.service.model import call_kw

    model, method, arguments, request = one
    with registry.cursor() as cr:
        # All CPU is that of two processes, and no other core is waited for.
        cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        base = context_of(api.Environment(cr, user, {}))
        env = api.Environment(cr, user, {})
        env.invalidate_all()
        context = {**base, **request.get("context", {})}
        clock = Clock(cr)
        answer = call_kw(env[model], method, arguments, {**request, "context": context})
        env.flush_all()
        found = clock.read()
        cr.rollback()
    return {**found, "kb": len(json.dumps(answer, default=str)) / 1024}


def summarize(openings: list[dict[str, float]]) -> dict[str, float]:
    """Give the medians of several openings, in milliseconds."""
    middle = {
        name: statistics.median(one[name] for one in openings) for name in openings[0]
    }
    cpu = statistics.median(one["cpu"] + one["backend_cpu"] for one in openings)
    return {
        "ms": 1000 * middle["seconds"],
        "cpu_ms": 1000 * cpu,
        "worker_ms": 1000 * middle["cpu"],
        "statements": middle["statements"],
        "most_statements": max(one["statements"] for one in openings),
        "kb": middle["kb"],
    }


def open_page(registry: Any, page: Page) -> dict[str, Any]:
    """Open a page several times, each time asking all that it asks."""
    openings = []
    for number in range(-WARM_UP, REPEATS):
        parts = [ask(registry, page.user, one) for one in page.calls(abs(number))]
        if number >= 0:
            openings.append({key: sum(one[key] for one in parts) for key in parts[0]})
    return {**summarize(openings), "limit": page.limit, "calls": len(parts)}


# The pages


def own(env: Any) -> list[int]:
    """Relationships at equal distances: those of the user, as many as are opened."""
    domain = [("user_id", "=", env.uid), *ACTIVE]
    ids = env[RELATIONSHIP].search(domain, order="id").ids
    return ids[:: max(1, len(ids) // (REPEATS + 1))][: REPEATS + 1]


def form_of(env: Any, relationship: Any, lines: bool) -> dict[str, Any]:
    """What the form of a new order sends, with the products of the last one or none."""
    order = env["sale.order"].new({"partner_id": relationship.partner_id.id})
    products: list[int] = []
    if lines:
        env.cr.execute(LAST_PRODUCTS, [relationship.id])
        products = [product_id for (product_id,) in env.cr.fetchall()]
    return {
        "pricelist_id": order.pricelist_id.id,
        "warehouse_id": order.warehouse_id.id,
        "fiscal_position_id": order.fiscal_position_id.id,
        "date_order": str(order.date_order),
        "product_ids": products,
    }


def odoo_pages(env: Any) -> list[Page]:
    """Give the measuring sticks; who manages looks at everybody's quotations."""
    tree = "sale.view_quotation_tree_with_onboarding"
    quotations = View(env, "sale.order", "list", tree)
    analysis = View(env, "sale.report", "pivot")
    manages = env.user.login == crowd.MANAGER
    mine = [] if manages else [("user_id", "=", env.uid)]
    return [
        Page(QUOTATIONS, env.uid, same(client.read_list(quotations, mine))),
        Page(ANALYSIS, env.uid, same(client.read_pivot(analysis, SOLD))),
    ]


def reseller_pages(env: Any) -> list[Page]:
    """Give the pages about one reseller: another one at each opening."""
    relationships = env[RELATIONSHIP].browse(own(env))
    form = View(env, RELATIONSHIP, "form")
    orders = {
        (one.id, lines): form_of(env, one, lines)
        for one in relationships
        for lines in (False, True)
    }
    ids = relationships.ids

    def open_form(number: int) -> list[Call]:
        one = ids[number]
        return client.read_form(form, one) + call(RELATIONSHIP, "get_overview", [one])

    def open_tab(lines: bool) -> Callable[[int], list[Call]]:
        return lambda number: call(
            RELATIONSHIP, "get_offers", [ids[number]], orders[ids[number], lines]
        )

    def open_call(number: int) -> list[Call]:
        return call(RELATIONSHIP, "get_call", [ids[number]])

    return [
        Page("Call page", env.uid, open_call),
        Page("Reseller, form and overview", env.uid, open_form),
        Page("Order tab, no line yet", env.uid, open_tab(False)),
        Page("Order tab, five lines", env.uid, open_tab(True)),
    ]


def list_pages(env: Any) -> list[Page]:
    """Give the pages about all resellers of a salesperson."""
    resellers = View(env, RELATIONSHIP, "list")
    kanban = View(env, RELATIONSHIP, "kanban")
    offers = View(env, "prm.product.reseller", "list")
    came = View(env, REPORT, "pivot")
    focus = View(env, "prm.focus", "list")
    first = env["prm.focus"].search([], limit=1)
    product = first.line_ids[:1].product_id
    whom = client.read_list(
        offers,
        [("rest_until", "=", False)],
        prm_product_ids=product.ids,
        prm_several_products=False,
    )
    focused = client.read_form(View(env, "prm.focus", "form"), first.id)
    by_product = client.read_pivot(came, CAME, ["product_id"])
    return [
        Page("Resellers, list", env.uid, same(client.read_list(resellers, ACTIVE))),
        Page("Resellers, kanban", env.uid, same(client.read_kanban(kanban, ACTIVE))),
        Page("Whom to offer, list", env.uid, same(whom)),
        Page("Focus, list", env.uid, same(client.read_list(focus, []))),
        Page("Focus, page", env.uid, same(focused)),
        Page("What came of it, by kind", env.uid, same(client.read_pivot(came, CAME))),
        Page("What came of it, by product", env.uid, same(by_product)),
    ]


def all_pages(registry: Any, users: dict[str, int]) -> dict[str, list[Page]]:
    """Give all pages by whose they are."""
    day = same(call(RELATIONSHIP, "get_day", False))

    def of(login: str, *makers: Callable[[Any], list[Page]]) -> list[Page]:
        with transaction(registry, users[login]) as env:
            found = [page for make in makers for page in make(env)]
            env.cr.rollback()
        if login != crowd.MANAGER:
            found.append(Page("My day", users[login], day, DAY_MS))
        return found

    some = (odoo_pages, reseller_pages, list_pages)
    return {
        FIRST: of(crowd.FIRST, *some),
        LARGE: of(crowd.LARGE, *some),
        IDLE: of(crowd.IDLE),
        MANAGER: of(crowd.MANAGER, odoo_pages, list_pages),
    }


def measure_marks(registry: Any, user: int) -> dict[str, Any]:
    """Time the statement that says what goes with the lines, alone."""
    openings = []
    with transaction(registry, user) as env:
        for one in env[RELATIONSHIP].browse(own(env))[:REPEATS]:
            form = form_of(env, one, True)
            relationship = one._prm_check_offers()
            at_hand = relationship._prm_get_order_at_hand(form)
            products = relationship._prm_get_sold_products(at_hand)
            env.flush_all()
            clock = Clock(env.cr)
            relationship._prm_get_together(at_hand, products)
            found = {**clock.read(), "kb": 0.0}
            openings.append(found)
        env.cr.rollback()
    return {**summarize(openings), "limit": MARKS_MS, "calls": 0}


# Find my resellers


def find(registry: Any, user: int) -> dict[str, Any]:
    """Make 5,000 relationships where there is none; :return: pages, and what it took"""
    with transaction(registry) as env:
        env.cr.execute(WIPED)
    vacuum(registry, "prm_relationship", "sale_order", "prm_recommendation_event")
    model = "prm.relationship.find"
    pages = {}
    with transaction(registry, user) as env:
        context = context_of(env)
        lines = View(env, f"{model}.line", "list")
    with transaction(registry, user) as env:
        env = env(context=context)
        clock = Clock(env.cr)
        env[model].action_open()
        env[model].recount(1, 36)
        env.flush_all()
        looked = clock.read()
    shown = client.read_list(lines, []) + call(model, "get_summary")
    pages[f"{FIND}, list"] = open_page(registry, Page(FIND, user, same(shown)))
    done = 0
    costs: list[dict[str, float]] = []
    while done < FOUND and len(costs) < CHUNKS_MOST:
        with transaction(registry, user) as env:
            env = env(context=context)
            clock = Clock(env.cr)
            done += env[model].make()["done"]
            env.flush_all()
            env.cr.commit()
            costs.append(clock.read())
    made = {key: sum(one[key] for one in costs) for key in costs[0]}
    return {"pages": pages, "looked": looked, "made": made, "count": done}


def measure(registry: Any) -> dict[str, Any]:
    """Open all pages; :return: their figures by whose they are"""
    with transaction(registry) as env:
        people = env["res.users"].search([("login", "like", "bench\\_")])
        users = {user.login: user.id for user in people}
        counts = crowd.count_all(env)
    parts: dict[str, dict[str, Any]] = {}
    for title, pages in all_pages(registry, users).items():
        parts[title] = {}
        for page in pages:
            parts[title][page.name] = open_page(registry, page)
            print(f"   {title}, {page.name}: {parts[title][page.name]['ms']:.0f} ms")
    marks = measure_marks(registry, users[crowd.FIRST])
    parts[FIRST]["Order tab, what goes with the lines alone"] = marks
    found = find(registry, users[crowd.MANAGER])
    return {"counts": counts, "parts": parts, "find": found}


def main() -> None:
    """Measure, and write the figures."""
    parser = database_parser("pages", __doc__)
    parser.add_argument("--salespeople", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True, help="file")
    options = parser.parse_args()
    registry = open_registry(options.config, options.database)
    begun, machine = time.monotonic(), machine_cpu()
    ours = time.process_time()
    result = measure(registry)
    seconds = time.monotonic() - begun
    result |= {
        "salespeople": options.salespeople,
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "busy": (machine_cpu() - machine) / seconds,
        "worker": (time.process_time() - ours) / seconds,
    }
    options.out.write_text(json.dumps(result, indent=1))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
