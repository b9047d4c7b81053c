"""Tables of what pages took: ``python -m bench.pages_report``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from .report import table

QUOTATIONS, ANALYSIS = "Odoo: quotations, list", "Odoo: sales analysis, pivot"
FIRST = "A salesperson with 300 resellers"
LARGE = "A salesperson with 2,000 resellers"
IDLE, MANAGER, FIND = "A salesperson without any", "A manager", "Find my resellers"
# Milliseconds, seconds, and how many relationships are made in those.
DAY_MS, MARKS_MS, FIND_SECONDS, FOUND = 300, 30, 10, 5000
HEADS = (
    "page",
    "calls",
    "ms",
    "CPU ms",
    "statements",
    "KB",
    "÷ quotations",
    "÷ analysis",
    "limit",
)
# Whose pages of Odoo stand beside those of who has no orders of its own.
LIKE = {IDLE: FIRST, FIND: MANAGER}


def ratio(one: dict[str, Any], stick: dict[str, Any] | None) -> float | None:
    """Give how much more CPU a page takes than another one of the same run."""
    return one["cpu_ms"] / stick["cpu_ms"] if stick else None


def judge(one: dict[str, Any]) -> str:
    """Hold a page against its limit: by the clock, and by CPU where that is passed."""
    limit = one["limit"]
    if not limit:
        return ""
    if one["ms"] <= limit:
        return f"{limit:.0f} ms: ok"
    return f"{limit:.0f} ms: " + ("BROKEN" if one["cpu_ms"] > limit else "too busy")


def show_part(pages: dict[str, dict[str, Any]]) -> str:
    """Render one person's pages, each beside that person's quotations and analysis."""
    sticks = pages.get(QUOTATIONS), pages.get(ANALYSIS)
    rows = []
    for name, one in pages.items():
        least, most = int(one["statements"]), int(one["most_statements"])
        statements = f"{least}" if least == most else f"{least} to {most}"
        ratios = [ratio(one, stick) for stick in sticks]
        rows.append((name, one["calls"] or "", one["ms"], one["cpu_ms"], statements,
                     one["kb"] or None, *ratios, judge(one)))  # fmt: skip
    return table(HEADS, rows)


def show_find(found: dict[str, Any]) -> str:
    """Render what it took to look for customers and to make resellers of them."""
    rows = []
    for name, key in (("looked for customers, twice", "looked"), ("made", "made")):
        one = found[key]
        what = f"{name}: {found['count']:,}" if key == "made" else name
        rows.append((what, one["seconds"], one["cpu"], one["backend_cpu"],
                     int(one["statements"])))  # fmt: skip
    heads = ("find my resellers", "s", "CPU s worker", "CPU s database", "statements")
    return table(heads, rows)


def show(result: dict[str, Any]) -> str:
    """Render one run."""
    counts = ", ".join(f"{count:,} {name}" for name, count in result["counts"].items())
    texts = [
        f"## {result['salespeople']} salespeople\n\n{counts}. Meanwhile"
        f" {result['busy']:.1f} of {result['cores']} cores were busy, load"
        f" {result['load']:.1f}; this process took {result['worker']:.1f}."
    ]
    parts = {**result["parts"], FIND: result["find"]["pages"]}
    for title, pages in parts.items():
        sticks = parts[LIKE.get(title, title)]
        sticks = {name: sticks[name] for name in (QUOTATIONS, ANALYSIS)}
        texts.append(f"### {title}\n\n{show_part({**sticks, **pages})}")
    texts.append(show_find(result["find"]))
    return "\n\n".join(texts)


def broken(results: list[dict[str, Any]]) -> list[str]:
    """Name the limits that do not hold, those left open by a busy machine aside."""
    names = []
    for result in results:
        size = f"{result['salespeople']} salespeople"
        for title, pages in result["parts"].items():
            names += [
                f"{size}: {title}: {name}"
                for name, one in pages.items()
                if judge(one).endswith("BROKEN")
            ]
        made = result["find"]["made"]
        share = FOUND / result["find"]["count"]
        if share * (made["cpu"] + made["backend_cpu"]) > FIND_SECONDS:
            names.append(f"{size}: {FOUND:,} relationships")
    return names


def main() -> int:
    """Write the tables and say by the exit code whether the limits hold."""
    parser = argparse.ArgumentParser(prog="bench.pages_report", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args()
    results = [json.loads(path.read_text()) for path in options.files]
    texts = [
        "# Pages\n\nMedians of several openings, CPU of worker and database together;"
        " ÷ by CPU, against Odoo's own pages for the same person.\nLimits: my day"
        f" {DAY_MS} ms, what goes with the lines {MARKS_MS} ms in one statement,"
        f" {FOUND:,} relationships {FIND_SECONDS} s.",
        *map(show, results),
    ]
    text = "\n\n".join(texts)
    (options.folder / "pages.md").write_text(text + "\n")
    (options.folder / "pages.json").write_text(json.dumps(results, indent=1) + "\n")
    print(text)
    wrong = broken(results)
    print("\n" + ("\n".join(wrong) if wrong else "No limit is broken."))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
