import logging
import os
import shutil
import time
import traceback
from contextlib import contextmanager
from datetime import timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg2.errors

from odoo import api, fields, models
from odoo.tools import SQL, config

from ..const import RUNNING_STATES
from . import child
from .answer import RunError

_logger = logging.getLogger(__name__)

FOLDER = "prm_partner_portal"
NIGHT_HOURS = range(2, 6)
LEAST_HOURS = 20
MOST_HOURS = 30
# A run whose sign of life is older, or lies that far ahead because the clock was set
# back, is taken over.
SILENCE = timedelta(minutes=3)
LOOK_EVERY = timedelta(seconds=60)
ATTEMPTS = 3
# A unit that met another transaction is done again.
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)
# What more tries cannot change.
FINAL_ERRORS = {"refused", "too_long", "cancelled", "answer", "row"}


class PrmRecommendationRunTurn(models.AbstractModel):
    """Whose turn it is, what becomes of failures, and where files are kept."""

    _name = "prm.recommendation.run.turn"
    _description = "Turns of a Recommendation Run"

    # The clock

    @api.model
    def _cron_recommend(self):
        """Ask for a run of every company that is due, and tidy up."""
        runs = self.env["prm.recommendation.run"]
        for company in runs._get_companies_due(fields.Datetime.now()):
            runs._request_run(company)
        self._clean_folders()

    @api.model
    def _is_due(self, company, latest, now):
        if not latest:
            return True
        hours = (now - latest) / timedelta(hours=1)
        zone = ZoneInfo(company._prm_get_timezone())
        local = now.replace(tzinfo=timezone.utc).astimezone(zone)
        return hours >= MOST_HOURS or (
            hours >= LEAST_HOURS and local.hour in NIGHT_HOURS
        )

    @api.model
    def _cron_advance(self):
        """Do one unit of one run, then ask for the next turn."""
        try:
            run = self._take_run()
            if run:
                run._advance()
        except CONFLICTS:
            self.env.cr.rollback()
        self._trigger_next()
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _take_run(self):
        """Lock the run that is next: companies one after the other, oldest first.

        :return: the run, none where all must wait or another worker is at it
        """
        now = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT id
                  FROM prm_recommendation_run r
                 WHERE state IN %(running)s
                   AND (next_try IS NULL OR next_try <= %(now)s
                        OR heartbeat > %(ahead)s)
                    OR state = 'waiting'
                   AND (next_try IS NULL OR next_try <= %(now)s
                        OR next_try > %(ahead)s)
                   AND NOT EXISTS (SELECT 1 FROM prm_recommendation_run o
                                    WHERE o.state IN %(running)s)
                 ORDER BY state = 'waiting', id
                 LIMIT 1
                   FOR UPDATE SKIP LOCKED
                """,
                running=RUNNING_STATES,
                now=now,
                ahead=now + SILENCE * 3,
            )
        )
        ids = [run_id for (run_id,) in self.env.cr.fetchall()]
        return self.env["prm.recommendation.run"].sudo().browse(ids)

    def _trigger_next(self):
        """Ask for the turn at which an open run may be taken."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT min(COALESCE(next_try, '2000-01-01')),
                       bool_or(state <> 'waiting'),
                       min(next_try) FILTER (WHERE state <> 'waiting')
                  FROM prm_recommendation_run
                 WHERE state = 'waiting' OR state IN %s
                """,
                RUNNING_STATES,
            )
        )
        earliest, running, running_at = self.env.cr.fetchone()
        if not earliest:
            return
        now = fields.Datetime.now()
        at = max((running_at or now) if running else earliest, now)
        cron = self.env.ref("prm_partner_portal.ir_cron_prm_advance").sudo()
        cron._trigger(at if at > now else None)

    # A turn

    def _advance(self):
        """Do the unit that a run is at; what goes wrong is written on the run."""
        self.ensure_one()
        units = {
            "waiting": self._extract,
            "extracting": self._extract,
            "computing": self._compute,
            "publishing": self._publish,
        }
        try:
            units[self.state]()
        except CONFLICTS:
            self.env.cr.rollback()
            self.write({"next_try": False})
        except RunError as error:
            self.env.cr.rollback()
            self._fail(error)
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("Recommendation run %s failed", self.id)
            self._fail(RunError("unexpected", traceback.format_exc()[-4000:]), error)

    def _fail(self, error, cause=None):
        """Try again later, or give up when it was tried often enough."""
        if isinstance(cause, (OSError, psycopg2.errors.DiskFull)):
            error = RunError("storage", error.detail, folder=str(self._get_root()))
        if error.code not in FINAL_ERRORS and self.attempt < ATTEMPTS:
            child.kill_children(self._get_folder())
            now = fields.Datetime.now()
            self.write(
                {
                    "state": "waiting",
                    "pid": False,
                    "next_try": now + LOOK_EVERY * max(self.attempt, 1),
                    **self._prepare_error_values(error),
                }
            )
        else:
            self._stop(error.code, error.detail, **error.params)

    def _prepare_error_values(self, error):
        return {
            "error_code": error.code,
            "error_params": error.params,
            "error_detail": error.detail.replace("\0", ""),
        }

    def _stop(self, code, detail="", **params):
        """End a run as failed; its process and its files go."""
        self.ensure_one()
        child.kill_children(self._get_folder())
        self.write(
            {
                "state": "failed",
                "date_end": fields.Datetime.now(),
                "next_try": False,
                **self._prepare_error_values(RunError(code, detail, **params)),
            }
        )
        self._remove_folder()

    @contextmanager
    def _measure(self, name):
        """Add what a unit costs to the run, and write ``values`` of the caller."""
        begun, statements = time.monotonic(), self.env.cr.sql_log_count
        values = {}
        yield values
        memory = child.read_memory(os.getpid())
        stage = {
            "name": name,
            "seconds": round(time.monotonic() - begun, 2),
            "statements": self.env.cr.sql_log_count - statements,
            "peak_mb": memory.get("rss"),
            "vms_mb": memory.get("vms"),
        }
        self.write(
            {
                "heartbeat": fields.Datetime.now(),
                "next_try": False,
                "stages": [*(self.stages or []), *values.pop("stages", []), stage],
                "worker_rss": max(self.worker_rss, memory.get("rss", 0)),
                "worker_vms": max(self.worker_vms, memory.get("vms", 0)),
                **values,
            }
        )

    def _show(self, trigger=True, **values):
        """Let everybody see at once that this worker is at the run.

        Should it be killed, another takes over when nothing was heard for a while.

        :param bool trigger: whether to ask for that turn already
        """
        now = fields.Datetime.now()
        self.write({"heartbeat": now, "next_try": now + SILENCE, **values})
        if trigger:
            self._trigger_next()
        self.env["ir.cron"]._commit_progress(1, remaining=0)

    # Folders and settings

    def _get_parameter(self, name, default):
        """:return: a number from the system parameters"""
        value = self.env["ir.config_parameter"].sudo().get_param(f"{FOLDER}.{name}")
        return int(value) if value and value.isdigit() else default

    def _get_root(self):
        return Path(config["data_dir"]) / FOLDER / self.env.cr.dbname

    def _get_folder(self):
        """:return: path of this attempt's folder, readable by the server only"""
        return self._get_root() / f"{self.id}-{self.attempt}"

    def _remove_folder(self):
        shutil.rmtree(self._get_folder(), ignore_errors=True)

    def _clean_folders(self):
        """Remove what runs that ended in another way left behind."""
        runs = self.env["prm.recommendation.run"].sudo()
        # What is held back may still be published.
        alive = runs.search([("state", "in", ("waiting", *RUNNING_STATES, "held"))])
        kept = {run._get_folder().name for run in alive}
        root = self._get_root()
        for folder in root.iterdir() if root.is_dir() else ():
            if folder.name not in kept:
                child.kill_children(folder)
                shutil.rmtree(folder, ignore_errors=True)
