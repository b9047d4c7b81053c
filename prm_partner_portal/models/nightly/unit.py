import platform
import time
from datetime import timedelta

from odoo import fields, models

from ..const import STYLES
from . import child
from .answer import (
    ANSWER,
    RESULT,
    RunError,
    check_answer,
    hash_file,
    read_ids,
    read_result,
)
from .turn import ATTEMPTS, LOOK_EVERY, SILENCE

WAIT_SECONDS = 20
LOOK_SECONDS = 0.1
SHOW_SECONDS = 3
# A short calculation is waited for turn by turn, a long one looked at once a minute.
EAGER = timedelta(seconds=90)
PUBLISH_TRIES = 5
# Above this the health gets a unit of its own, so that none takes 30 seconds.
MANY_LINES = 1_200_000
# Above this the answer is checked in a unit of its own.
MANY_ROWS = 200_000
DEFAULT_MINUTES = 60
LENGTHS = ("k_reorder", "k_discover")


class PrmRecommendationRunUnit(models.AbstractModel):
    """The three units of a run, each short, around one process.

    Every unit ends its transaction and asks for the next turn. Killed at any moment,
    the next turn goes on from the state in the database; the old lists stand until a
    whole answer replaces them.
    """

    _name = "prm.recommendation.run.unit"
    _inherit = [
        "prm.recommendation.run.turn",
        "prm.recommendation.run.guard",
        "prm.recommendation.run.control",
        "prm.recommendation.run.complements",
    ]
    _description = "Units of a Recommendation Run"

    # Unit 1

    def _extract(self):
        """Take the slot, work out the health, write the library's files."""
        if self.attempt >= ATTEMPTS:
            raise RunError("interrupted")
        dataset = self.env["prm.dataset"]
        as_of = dataset._get_as_of(self.company_id)
        self._remove_folder()
        self._show(
            state="extracting",
            attempt=self.attempt + 1,
            publish_count=0,
            host=platform.node(),
            pid=False,
            date_start=self.date_start or fields.Datetime.now(),
            as_of=as_of,
            progress=0,
            stage="extract",
            stages=False,
        )
        failure = None
        with self._measure("extract") as values:
            self.env["prm.recommendation.event"]._record_expired(self.company_id)
            lines = dataset._prepare_tables(self.company_id)
            values["health_later"] = lines > MANY_LINES
            if not values["health_later"]:
                self.env["prm.health.nightly"]._refresh(self.company_id)
            try:
                with self.env.cr.savepoint():
                    values.update(self._write_inputs(dataset, as_of))
            except OSError as error:  # the health stays
                root = str(self._get_root())
                failure = RunError("storage", str(error), folder=root)
        if failure:
            self._fail(failure)
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _write_inputs(self, dataset, as_of):
        """:return: values that say what was handed over and what comes next"""
        # A database of the same name that was dropped may have left this one.
        self._remove_folder()
        folder = self._get_folder()
        folder.mkdir(mode=0o700, parents=True)
        for parent in (folder, folder.parent, folder.parent.parent):
            parent.chmod(0o700)
        rows = dataset._write_files(self.company_id, folder, as_of)
        return {
            "state": "computing" if rows["orders.csv"] else "publishing",
            "progress": 10,
            "line_count": rows["orders.csv"],
            "reseller_count": rows["resellers.csv"],
            "product_count": rows["products.csv"],
            **dataset._count_bought(self.company_id, as_of),
            "inputs": {
                name: hash_file(folder / name)
                for name in ("resellers.csv", "products.csv")
            },
        }

    # Unit 2

    def _compute(self):
        """Start the process, or see how it goes."""
        if self.host != platform.node():
            return self._watch_from_afar()
        if not self.pid:
            with self._measure("compute") as values:
                values.update(self._start_child())
        self._show()
        if self.health_later:
            return self._refresh_health()
        return self._watch()

    def _refresh_health(self):
        """A long history leaves no time for this in the first unit; the process of
        this run is at work meanwhile. Tried once: the lists shall not wait for it."""
        self._show(health_later=False)
        with self._measure("health"):
            self.env["prm.dataset"]._prepare_tables(self.company_id)
            self.env["prm.health.nightly"]._refresh(self.company_id)
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _watch_from_afar(self):
        """Another host's process cannot be seen: only its silence counts."""
        if abs(fields.Datetime.now() - self.heartbeat) > SILENCE:
            raise RunError("no_answer", f"no sign of life from {self.host}")
        self.write({"next_try": self.heartbeat + SILENCE})

    def _start_child(self):
        folder = self._get_folder()
        # One that was started just before its worker or the database went down.
        child.kill_children(folder)
        files = ("orders", "products", "resellers", "allowed", "exclude")
        arguments = ["run", "--as-of", self.as_of.isoformat(), "--out", str(folder)]
        for name in files:
            arguments += [f"--{name}", str(folder / f"{name}.csv")]
        company = self.company_id
        lengths = STYLES[company.prm_style]
        arguments += ["--k-reorder", str(lengths["k_reorder"])]
        arguments += ["--k-discover", str(lengths["k_discover"])]
        arguments += ["--priority", company.prm_priority]
        arguments += self._get_control_arguments()
        try:
            pid, created = child.start_child(
                folder, arguments, self._get_parameter("run_memory_mb", 0)
            )
        except OSError as error:
            raise RunError("no_start", str(error)) from error
        now = fields.Datetime.now()
        return {"pid": pid, "pid_created": created, "child_start": now}

    def _watch(self):
        """Look after the process for a moment."""
        pid, created = self.pid, self.pid_created
        memory, begun, shown = {}, time.monotonic(), time.monotonic()
        while child.is_alive(pid, created):
            memory = child.read_memory(pid) or memory
            if time.monotonic() >= begun + WAIT_SECONDS:
                return self._look(memory)
            if time.monotonic() >= shown + SHOW_SECONDS:
                shown = time.monotonic()
                self._show(trigger=False, **self._prepare_look_values(memory))
            time.sleep(LOOK_SECONDS)
        folder = self._get_folder()
        if not (folder / RESULT).exists():
            errors = child.read_errors(folder)
            if "No space left" in errors:
                raise RunError("storage", errors, folder=str(folder.parent))
            raise RunError("memory" if "emory" in errors else "no_answer", errors)
        values = self._prepare_look_values(memory)
        self.write({**values, "state": "publishing", "next_try": False})

    def _look(self, memory):
        """The process is at work: write how far it is, or end it when it is late."""
        now = fields.Datetime.now()
        minutes = self._get_parameter("run_minutes", DEFAULT_MINUTES)
        if now + SILENCE < self.child_start:  # the clock was set back
            self.child_start = now
        age = now - self.child_start
        if age >= timedelta(minutes=minutes):
            errors = child.read_errors(self._get_folder())
            raise RunError("too_long", errors, minutes=minutes)
        next_try = False if age < EAGER else now + LOOK_EVERY
        self.write({**self._prepare_look_values(memory), "next_try": next_try})

    def _prepare_look_values(self, memory):
        percent, stage = child.read_progress(self._get_folder())
        return {
            "heartbeat": fields.Datetime.now(),
            "progress": 10 + round(percent * 0.85),
            "stage": stage,
            "child_rss": max(self.child_rss, memory.get("rss", 0)),
            "child_vms": max(self.child_vms, memory.get("vms", 0)),
        }

    # Unit 3

    def _publish(self):
        """Check the answer and let it replace the lists of before."""
        if self.publish_count >= PUBLISH_TRIES:
            raise RunError("interrupted")
        self._show(publish_count=self.publish_count + 1, progress=95, stage="publish")
        recommendations = self.env["prm.recommendation"]
        with self._measure("publish") as values:
            result = self._read_answer()
            checked = {**(self.inputs or {}), ANSWER: result.get("sha256")}
            later = result.get("rows", 0) > MANY_ROWS and checked != self.inputs
            if later:
                values.update(inputs=checked, publish_count=0)
            else:
                values.update(self._prepare_result_values(result))
                values.update(self._prepare_hold_values(values))
                if values["state"] == "done":
                    values["recommendation_count"] = recommendations._publish(
                        self, self._get_folder() if result else None
                    )
                    self._load_control(result)
                    self._load_complements(result)
        if not later:
            self._follow_hold()
        self.env["ir.cron"]._commit_progress(remaining=0)
        if self.state == "done":
            recommendations._delete_ended(self.company_id)
            self._remove_folder()

    def _read_answer(self):
        """:return: the result of an answer that is whole and right, or nothing"""
        if not self.line_count:
            return {}
        folder = self._get_folder()
        if not folder.is_dir():
            raise RunError("no_answer", f"{folder} is gone")
        result = read_result(folder)
        check_answer(
            folder,
            result,
            read_ids(folder / "resellers.csv", self.inputs["resellers.csv"]),
            read_ids(folder / "products.csv", self.inputs["products.csv"]),
            self.as_of,
            self.inputs.get(ANSWER),
        )
        return result

    def _prepare_result_values(self, result):
        company = self.company_id
        stages = result.get("stages") or []
        try:
            return {
                "state": "done",
                "progress": 100,
                "stage": False,
                "date_end": fields.Datetime.now(),
                "config": {
                    **(result.get("config") or {}),
                    **{name: STYLES[company.prm_style][name] for name in LENGTHS},
                    "style": company.prm_style,
                    "priority": company.prm_priority,
                    "control_share": (result.get("control") or {}).get("share", 0),
                    "history_months": company.prm_history_months,
                    "include_services": company.prm_include_services,
                },
                "order_count": int((result.get("counts") or {}).get("orders", 0)),
                "stages": stages,
                "child_rss": max(
                    [self.child_rss, *(stage.get("peak_mb") or 0 for stage in stages)]
                ),
                "error_code": False,
                "error_params": False,
                "error_detail": False,
                **self._prepare_quality_values(result),
            }
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise RunError("answer", f"{RESULT}: {error!r}") from error
