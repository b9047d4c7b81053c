"""Kills, crashes and crowds around the nightly action: ``bench/storm.sh``.

Odoo serves two companies with real workers, the clock asks for their runs, and at a
random moment something dies. Before each round the lists are marked, so that every
look at them tells old ones, new ones and a mix of both apart.
"""

from __future__ import annotations

import argparse
import configparser
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import harms
from .database import database_parser
from .report import table
from .served import Database, Server, left_behind

LOOK_SECONDS = 0.2
MOST_SECONDS = 1500
# What a worker lets a job have at worst, whatever its limit says.
MOST_UNIT = 50
HOURLY, ADVANCE = "%_cron_recommend%", "%_cron_advance%"
DUE = """
UPDATE ir_cron SET nextcall = date_trunc('second', now()) AT TIME ZONE 'UTC'
                              + %s * interval '1 second' """
LATE = "SELECT nextcall <= now() AT TIME ZONE 'UTC' FROM ir_cron "
CRON = "WHERE ir_actions_server_id IN (SELECT id FROM ir_act_server WHERE code LIKE %s)"
MARK = """
DELETE FROM prm_recommendation WHERE mod(id, 7) = 0;
UPDATE prm_recommendation SET score = -1, quantity = 77;
INSERT INTO prm_recommendation (relationship_id, company_id, product_id, kind, score)
SELECT r.id, r.company_id, p.id, 'new', -1
  FROM prm_relationship r,
       (SELECT max(id) AS id FROM product_product p
         WHERE NOT EXISTS (SELECT 1 FROM prm_recommendation x
                            WHERE x.product_id = p.id)) p
 WHERE r.active AND p.id IS NOT NULL;
UPDATE prm_recommendation_run
   SET date = date - interval '1 day', date_end = date_end - interval '1 day'
"""
LOOK = """
SELECT company_id, count(*) FILTER (WHERE score = -1),
       count(*) FILTER (WHERE score <> -1),
       count(DISTINCT run_id) FILTER (WHERE score <> -1)
  FROM prm_recommendation GROUP BY 1
"""
SUMS = """
SELECT company_id, count(*), md5(string_agg(concat_ws('|', relationship_id, product_id,
       kind, rank, score, probability, quantity, due_date, reasons), ';'
       ORDER BY relationship_id, product_id))
  FROM prm_recommendation GROUP BY 1 ORDER BY 1
"""
RUNS = """
SELECT state, pid, company_id, attempt, stages FROM prm_recommendation_run
 WHERE id > %s ORDER BY id
"""


class Storm:
    """A served database, and what must hold of it whatever happens."""

    def __init__(self, options: argparse.Namespace) -> None:
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(options.config)
        data = Path(settings["options"]["data_dir"])
        self.root = data / "prm_partner_portal" / options.database
        self.db, self.post = Database(options.database), Database("postgres")
        self.server = Server(options.config, options.database, options.log)
        self.rows: list[tuple[Any, ...]] = []
        self.old: dict[int, int] = {}
        self.new: dict[int, int] = {}
        self.sums: list[tuple[Any, ...]] = []
        self.stages: dict[str, float] = {}
        self.last = self.broken = 0
        self.only = options.only
        self.begun = 0.0

    def due(self, wake: bool = True, seconds: int = 0) -> None:
        """Let the hourly action be due by the clock, and wake the worker or not."""
        self.db.run(DUE + CRON, seconds, HOURLY)
        if wake:
            self.post.run("SELECT pg_notify('cron_trigger', %s)", self.db.name)

    def tidy(self) -> None:
        """Let the hourly action run and wait until it has."""
        self.due()
        until = time.monotonic() + 120
        while self.db.run(LATE + CRON, HOURLY)[0][0] and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)

    def runs(self) -> list[tuple[Any, ...]]:
        """:return: state, process, company, attempt, stages of this round's runs"""
        return self.db.run(RUNS, self.last)

    def is_mixed(self) -> bool:
        """Tell whether a company's list is neither that of before nor the new one."""
        found = {company: rest for company, *rest in self.db.run(LOOK)}
        return any(
            found.get(company, [0, 0, 0]) not in ([old, 0, 0], self._whole(company))
            for company, old in self.old.items()
        )

    def _whole(self, company: int) -> list[int]:
        return [0, self.new.get(company, -1), 1]

    def round(
        self,
        name: str,
        harm: Callable[[Storm], str | None],
        before: str = "",
        **due: Any,
    ) -> None:
        """Mark the lists, let the clock ask, do harm, wait for the end, and judge."""
        if self.sums and self.only not in name:
            return
        self.last = self.db.run("SELECT max(id) FROM prm_recommendation_run")[0][0] or 0
        self.db.run(MARK)
        self.old = {company: old for company, old, *_ in self.db.run(LOOK)}
        if before:
            self.db.run(before)
        mark, self.begun = self.server.mark(), time.monotonic()
        self.due(**due)
        text, mixed, looks = None, 0, 0
        while time.monotonic() < self.begun + MOST_SECONDS:
            text = text or harm(self)
            self.server.keep()
            if self.sums:
                mixed, looks = mixed + self.is_mixed(), looks + 1
            states = [state for state, *_ in self.runs()]
            if text and len(states) > 1 and set(states) <= {"held", "done", "failed"}:
                break
            time.sleep(LOOK_SECONDS)
        seconds = time.monotonic() - self.begun
        self.tidy()
        wrong = [f"{mixed} looks at a mix"] if mixed else []
        self._judge(name, text or "", wrong, looks, seconds, mark)

    def _judge(
        self,
        name: str,
        text: str,
        wrong: list[str],
        looks: int,
        seconds: float,
        mark: int,
    ) -> None:
        """Say whether the lists are whole and new and nothing stays behind."""
        runs, sums = self.runs(), self.db.run(SUMS)
        states = [state for state, *_ in runs]
        processes, folders = left_behind(self.root)
        units, errors = self.server.units(mark), self.server.errors(mark)
        if not self.sums:
            self.sums, self.new = sums, {company: rows for company, rows, _ in sums}
            self.stages = harms.seconds_by_stage(runs)
            self.stages["all"] = sum(units)
        checks = {
            f"runs {states}": states != ["done", "done"],
            "other lists": sums != self.sums,
            "a mix in the end": self.is_mixed(),
            f"{processes} processes left": processes,
            f"{folders} folders left": folders,
            f"{errors} errors logged": errors and not name.startswith("crash"),
            "a unit too long": max(units, default=0) > MOST_UNIT,
            text: "missed" in text or "WRONG" in text,
        }
        wrong += [what for what, is_so in checks.items() if is_so]
        self.broken += bool(wrong)
        attempts = "+".join(str(attempt) for *_, attempt, _stages in runs)
        row = (name, text, attempts, looks, seconds, max(units, default=0.0), errors)
        self.rows.append((*row, "; ".join(wrong) or "ok"))
        print(f"   {seconds:6.1f} s  {name}: {text}: {self.rows[-1][-1]}", flush=True)


def main() -> int:
    """Do every round and say by the exit code whether all held."""
    parser = database_parser("storm", __doc__)
    parser.add_argument("--log", type=Path, required=True, help="of the server")
    parser.add_argument("--rounds", type=int, default=10, help="kills")
    parser.add_argument("--only", default="", help="rounds with this in their name")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--crash", required=True, help="command: restart PostgreSQL")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    storm = Storm(options)
    try:
        harms.do_all(storm, options.rounds, options.seed, options.crash)
    finally:
        storm.server.stop()
    heads = ("round", "what happened", "attempts", "looks", "s", "longest unit, s",
             "errors", "")  # fmt: skip
    print("\n" + table(heads, storm.rows))
    print(f"\n{storm.broken} of {len(storm.rows)} rounds broken.")
    return 1 if storm.broken else 0


if __name__ == "__main__":
    sys.exit(main())
