"""What Odoo's web client asks the server for when a page is opened.

Specifications are read from the views, as the client does: fields of a list or a form,
those that a widget needs besides, the measures and groups of a pivot. Views themselves
are not asked for: the browser keeps them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

# A call: model, method, arguments, keyword arguments.
Call = tuple[str, str, list[Any], dict[str, Any]]
LIST_LIMIT, KANBAN_LIMIT, COUNT_LIMIT = 80, 40, 10_000
INVISIBLE = ("1", "True")
LINKED = ("many2one", "reference")
NAMED: dict[str, Any] = {"fields": {"display_name": {}}}
# What the widgets of activities read besides.
ACTIVITY: dict[str, Any] = {
    "activity_exception_decoration": {},
    "activity_exception_icon": {},
    "activity_state": {},
    "activity_summary": {},
    "activity_type_icon": {},
    "activity_type_id": NAMED,
}
WIDGETS = {"list_activity": ACTIVITY, "kanban_activity": ACTIVITY}
NUMBERS = ("float", "integer", "monetary")


def own_fields(arch: Element) -> Iterator[Element]:
    """Give the fields of a view, without those of views inside of them."""
    for node in arch:
        if node.tag == "field":
            yield node
        else:
            yield from own_fields(node)


class View:
    """A view of a model as a user gets it."""

    def __init__(self, env: Any, model: str, kind: str, xmlid: str = "") -> None:
        view_id = env.ref(xmlid).id if xmlid else False
        found = env[model].get_views([(view_id, kind)])
        self.model, self.kind = model, kind
        self.models = found["models"]
        self.arch = ElementTree.fromstring(found["views"][kind]["arch"])
        self.fields = self.models[model]["fields"]

    def specification(self) -> dict[str, Any]:
        """Say which fields are read, and which of records that they link to."""
        return self._specify(self.arch, self.model)

    def _specify(self, arch: Element, model: str) -> dict[str, Any]:
        fields = self.models[model]["fields"]
        found: dict[str, Any] = {}
        for node in own_fields(arch):
            name = node.attrib["name"]
            found[name] = found.get(name) or self._specify_field(node, fields[name])
            found = {**WIDGETS.get(node.get("widget", ""), {}), **found}
        return found

    def _specify_field(self, node: Element, field: dict[str, Any]) -> dict[str, Any]:
        hidden = node.get("invisible") in INVISIBLE
        if field["type"] in LINKED:
            return {"fields": {}} if hidden else NAMED
        if not field["type"].endswith("2many") or hidden:
            return {}
        inner = [one for one in node if one.tag in ("list", "kanban")]
        if inner:
            fields = self._specify(inner[0], field["relation"])
            return {"fields": fields, "limit": LIST_LIMIT // 2}
        return NAMED if node.get("widget") == "many2many_tags" else {}

    def _measure(self, name: str) -> str:
        return f"{name}:{self.fields[name]['aggregator']}"


def read_list(view: View, domain: list[Any], **context: Any) -> list[Call]:
    """Ask for the first page of a list."""
    request = {
        "specification": view.specification(),
        "offset": 0,
        "order": view.arch.get("default_order", ""),
        "limit": int(view.arch.get("limit", LIST_LIMIT)),
        "count_limit": COUNT_LIMIT + 1,
        "context": {"bin_size": True, **context},
    }
    return [(view.model, "web_search_read", [domain], request)]


def read_form(view: View, record_id: int) -> list[Call]:
    """Ask for what a form shows, but for what its chatter and widgets ask for."""
    request = {
        "specification": view.specification(),
        "context": {"bin_size": True},
    }
    return [(view.model, "web_read", [[record_id]], request)]


def read_pivot(
    view: View, domain: list[Any], rows: list[str] | None = None
) -> list[Call]:
    """Ask for a pivot as it opens: the total, each axis, and where they cross."""
    axes: dict[str, list[str]] = {"row": [], "col": []}
    measures = ["__count"]
    for node in view.arch.iter("field"):
        name, kind = node.attrib["name"], node.get("type", "")
        if kind in axes:
            interval = node.get("interval")
            axes[kind].append(f"{name}:{interval}" if interval else name)
        elif kind == "measure":
            measures.append(view._measure(name))
    if rows is not None:
        axes["row"] = rows
    sets = [
        axes["row"][:row] + axes["col"][:col]
        for row in range(len(axes["row"]) + 1)
        for col in range(len(axes["col"]) + 1)
    ]
    request = {"domain": domain, "grouping_sets": sets, "aggregates": measures}
    return [(view.model, "formatted_read_grouping_sets", [], request)]


def read_kanban(view: View, domain: list[Any]) -> list[Call]:
    """Ask for a kanban in its groups, and for the bars above them."""
    group = view.arch.get("default_group_by")
    specification = view.specification()
    numbers = [
        view._measure(name)
        for name in specification
        if (field := view.fields.get(name))
        and field["type"] in NUMBERS
        and field.get("aggregator")
    ]
    request = {
        "domain": domain,
        "groupby": [group],
        "aggregates": numbers,
        "auto_unfold": True,
        "opening_info": [],
        "unfold_read_specification": specification,
        "unfold_read_default_limit": KANBAN_LIMIT,
        "groupby_read_specification": {},
        "context": {"read_group_expand": True},
    }
    bar = view.arch.find("progressbar")
    bars = {
        "domain": domain,
        "group_by": group,
        "progress_bar": {
            "field": "" if bar is None else bar.get("field", ""),
            "colors": dict.fromkeys(("green", "amber", "red"), ""),
            "help": "",
        },
    }
    return [
        (view.model, "web_read_group", [], request),
        (view.model, "read_progress_bar", [], bars),
    ]


def call(model: str, method: str, *arguments: Any) -> list[Call]:
    """Ask as a page of ours does."""
    return [(model, method, list(arguments), {})]
