"""What the bench of pages asks for, and how it holds pages against each other."""

import json

import pytest

from bench import client, pages_report
from bench.client import View

FIELDS = {
    "name": {"type": "char"},
    "partner_id": {"type": "many2one"},
    "hidden_id": {"type": "many2one"},
    "tag_ids": {"type": "many2many", "relation": "tag"},
    "line_ids": {"type": "one2many", "relation": "line"},
    "activity_ids": {"type": "one2many", "relation": "activity"},
    "amount": {"type": "monetary", "aggregator": "sum"},
    "color": {"type": "selection"},
}
LIST = """<list default_order="name desc" limit="50">
    <field name="name"/><field name="partner_id"/>
    <field name="hidden_id" invisible="1"/>
    <field name="tag_ids" widget="many2many_tags"/>
    <field name="activity_ids" widget="list_activity"/>
</list>"""
FORM = """<form><field name="line_ids"><list><field name="product_id"/></list>
    <form><field name="note"/></form></field></form>"""
PIVOT = """<pivot><field name="color" type="row"/>
    <field name="date" interval="month" type="col"/>
    <field name="amount" type="measure"/></pivot>"""
KANBAN = """<kanban default_group_by="color"><progressbar field="color"/>
    <templates><t t-name="card"><field name="amount"/></t></templates></kanban>"""


class Model:
    def __init__(self, arch):
        self.arch = arch

    def get_views(self, views):
        line = {"product_id": {"type": "many2one"}, "note": {"type": "char"}}
        models = {"order": {"fields": FIELDS}, "line": {"fields": line}}
        return {"views": {views[0][1]: {"arch": self.arch}}, "models": models}


def view(kind, arch):
    return View({"order": Model(arch)}, "order", kind)


def test_list_is_asked_for_as_the_client_does():
    ((model, method, arguments, request),) = client.read_list(view("list", LIST), [])
    assert (model, method, arguments) == ("order", "web_search_read", [[]])
    assert (request["limit"], request["order"]) == (50, "name desc")
    asked = request["specification"]
    named = {"fields": {"display_name": {}}}
    assert asked["name"] == {}
    assert asked["partner_id"] == asked["tag_ids"] == named
    assert asked["hidden_id"] == {"fields": {}}
    assert asked["activity_state"] == {}
    assert asked["activity_type_id"] == named


def test_form_reads_the_list_of_its_lines_and_no_other_view():
    ((_model, method, ids, request),) = client.read_form(view("form", FORM), 7)
    assert (method, ids) == ("web_read", [[7]])
    lines = request["specification"]["line_ids"]["fields"]
    assert lines == {"product_id": {"fields": {"display_name": {}}}}


def test_pivot_asks_for_total_axes_and_where_they_cross():
    ((_model, _method, _ids, request),) = client.read_pivot(view("pivot", PIVOT), [])
    month = "date:month"
    assert request["grouping_sets"] == [[], [month], ["color"], ["color", month]]
    assert request["aggregates"] == ["__count", "amount:sum"]


def test_kanban_asks_for_groups_and_bars():
    groups, bars = client.read_kanban(view("kanban", KANBAN), [])
    assert groups[3]["groupby"] == ["color"]
    assert groups[3]["aggregates"] == ["amount:sum"]
    assert bars[1] == "read_progress_bar"


def page(ms, cpu, limit=None, **values):
    found = {"ms": ms, "cpu_ms": cpu, "worker_ms": cpu, "kb": 1.0, "calls": 1}
    return {**found, "statements": 3, "most_statements": 3, "limit": limit, **values}


@pytest.mark.parametrize(
    ("ms", "cpu", "verdict"),
    [(200, 200, "300 ms: ok"), (400, 350, "300 ms: BROKEN"), (400, 200, "too busy")],
)
def test_limit_is_broken_where_others_are_not_to_blame(ms, cpu, verdict):
    assert pages_report.judge(page(ms, cpu, 300)).endswith(verdict)
    assert pages_report.judge(page(ms, cpu)) == ""


@pytest.fixture
def result():
    sticks = {pages_report.QUOTATIONS: page(50, 50), pages_report.ANALYSIS: page(9, 10)}
    day = {"My day": page(100, 100, 300)}
    made = {"seconds": 8.0, "cpu": 2.0, "backend_cpu": 3.0, "statements": 9}
    return {
        "salespeople": 20,
        "counts": {"resellers": 5876},
        "parts": {
            pages_report.FIRST: {**sticks, **day},
            pages_report.IDLE: day,
            pages_report.MANAGER: sticks,
        },
        "find": {"pages": {}, "looked": made, "made": made, "count": 5000},
        **dict.fromkeys(("busy", "load", "worker"), 1.0),
        "cores": 2,
    }


def test_each_page_stands_beside_odoo_s(result):
    text = pages_report.show(json.loads(json.dumps(result)))
    rows = [line for line in text.splitlines() if line.startswith("| My day")]
    assert len(rows) == 2
    for row in rows:
        cells = [cell.strip() for cell in row.split("|")]
        assert cells[7:9] == ["2.0", "10.0"]
    assert not pages_report.broken([result])


def test_broken_limits_are_named(result):
    result["parts"][pages_report.FIRST]["My day"] = page(400, 390, 300)
    result["find"]["made"]["cpu"] = 8.0
    day, made = pages_report.broken([result])
    assert day.endswith("My day")
    assert "5,000" in made
