"""What the storm does to a run, each at a moment drawn from a seed.

A harm is asked at every look and says nothing until it has struck.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .storm import Storm

Harm = Callable[["Storm"], "str | None"]
# As if the clock had been a year ahead; one request waits for a moment of then.
CLOCK_SET_BACK = """
UPDATE prm_recommendation_run
   SET date = date + interval '1 year', date_end = date_end + interval '1 year',
       heartbeat = heartbeat + interval '1 year';
INSERT INTO prm_recommendation_run (company_id, state, date, heartbeat, next_try,
       attempt, publish_count, worker_rss, worker_vms, child_rss, child_vms)
SELECT max(company_id), 'waiting', max(date), max(heartbeat), max(heartbeat),
       0, 0, 0, 0, 0, 0
  FROM prm_recommendation_run
"""
FORWARD_IN_MID_RUN = """
UPDATE prm_recommendation_run SET date_end = date_end + interval '1 year'
"""


def seconds_by_stage(runs: list[tuple[Any, ...]]) -> dict[str, float]:
    """:return: means of extract, child and publish"""
    seconds: dict[str, float] = {}
    for *_, stages in runs:
        for stage in stages or []:
            name = "child" if "cpu_seconds" in stage else stage["name"]
            seconds[name] = seconds.get(name, 0) + stage["seconds"] / len(runs)
    return seconds


def nothing(_storm: Storm) -> str:
    """Let them run."""
    return "nothing"


def kill_worker(share: float) -> Harm:
    """Kill who does the clock's jobs, after a share of what both runs take."""
    since: list[float] = []

    def harm(storm: Storm) -> str | None:
        runs = storm.runs()
        if not runs:
            return None
        since[:] = since or [time.monotonic()]
        moment = share * storm.stages["all"]
        if time.monotonic() < since[0] + moment:
            return None
        states = "+".join(state for state, *_ in runs)
        if {state for state, *_ in runs} == {"done"}:
            return f"missed after {moment:.1f} s"
        os.kill(storm.server.cron_worker(), signal.SIGKILL)
        return f"after {moment:.1f} s, {states}"

    return harm


def kill_child(place: int, share: float) -> Harm:
    """Kill the calculation of one of the companies after a share of its time."""
    since: list[float] = []

    def harm(storm: Storm) -> str | None:
        runs = storm.runs()
        if len(runs) <= place or runs[place][0] in ("waiting", "extracting"):
            return None
        state, pid, *_ = runs[place]
        moment = share * storm.stages["child"]
        if state != "computing":
            return f"missed after {moment:.1f} s: {state}"
        if not pid:
            return None
        since[:] = since or [time.monotonic()]
        if time.monotonic() < since[0] + moment:
            return None
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return f"missed after {moment:.1f} s: it had ended"
        return f"after {moment:.1f} s, of the {('first', 'second')[place]} company"

    return harm


def crash(command: str, state: str, moment: float) -> Harm:
    """Restart the database as if the power had failed, in one of the units."""
    since: list[float] = []

    def harm(storm: Storm) -> str | None:
        if not since and state not in [found for found, *_ in storm.runs()]:
            return None
        since[:] = since or [time.monotonic()]
        if time.monotonic() < since[0] + moment:
            return None
        states = "+".join(found for found, *_ in storm.runs())
        subprocess.run(["bash", "-c", command], check=True, stdout=subprocess.DEVNULL)
        return f"after {moment:.1f} s, {states}"

    return harm


def crowd(storm: Storm) -> Harm:
    """Press the button in both workers for both companies while the clock asks."""
    calls = [storm.server.login() for _ in range(4)]
    pool = ThreadPoolExecutor(len(calls))
    companies = sorted(storm.new) * 2
    model = "prm.recommendation.run"
    cron = storm.db.run(
        "SELECT id FROM ir_cron WHERE cron_name LIKE '%%work out rec%%'"
    )
    answers: list[Any] = []

    def harm(_storm: Storm) -> str | None:
        if not answers:
            answers.extend(
                pool.submit(call, model, "action_run_now", [], company)
                for call, company in zip(calls, companies, strict=True)
            )
            answers.append(
                pool.submit(
                    calls[0], "ir.cron", "method_direct_trigger", [cron[0][0]], 1
                )
            )
        if not all(answer.done() for answer in answers):
            return None
        *pressed, triggered = [answer.result() for answer in answers]
        told = [_tell(answer) for answer in pressed]
        return f"{' '.join(told)}; turn by hand: {_tell(triggered)}"

    return harm


def _tell(answer: dict[str, Any]) -> str:
    """:return: what a user sees"""
    if "error" in answer:
        message = answer["error"]["data"]["message"]
        return "busy" if "already executing" in message else f"WRONG {message}"
    result = answer["result"]
    if result is True:
        return "done"
    return f"run {result['res_id']}" if "res_id" in result else "waits"


def do_all(storm: Storm, rounds: int, seed: int, command: str) -> None:
    """Do every round."""
    chance = random.Random(seed)
    storm.round("by the clock", nothing, wake=False, seconds=5)
    storm.round("button and clock at once", crowd(storm))
    for state, stage in (
        ("extracting", "extract"),
        ("computing", "child"),
        ("publishing", "publish"),
    ):
        moment = chance.uniform(0, 0.9) * storm.stages[stage]
        storm.round(f"crash: {state}", crash(command, state, moment))
    storm.round("clock set back a year", nothing, CLOCK_SET_BACK)
    storm.round("clock ahead in mid-run", nothing, FORWARD_IN_MID_RUN)
    for number in range(rounds):
        share = chance.uniform(0, 0.9)
        if number % 2:
            harm = kill_child(chance.randrange(2), share)
            storm.round(f"kill {number + 1}: child", harm)
        else:
            storm.round(f"kill {number + 1}: worker", kill_worker(share))
