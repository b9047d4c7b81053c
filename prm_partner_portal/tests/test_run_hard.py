import os
import resource
import signal
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.tools import mute_logger

from ..models.nightly import child
from ..models.nightly import unit as unit_module
from .nightly_common import HardCommon


class TestRunProcess(HardCommon):
    def test_started_again_when_the_process_is_killed(self):
        self._publish_first()
        run = self._start()
        with patch.object(unit_module, "WAIT_SECONDS", 0):
            self._turn()
        self.assertEqual(run.state, "computing")
        os.kill(run.pid, signal.SIGKILL)
        self._turn()
        self.assertEqual((run.state, run.attempt), ("waiting", 1))
        self.assertIn("without an answer", run.error)
        self.assertTrue(run.next_try)
        self.assertEqual(self._read_lists(), self.before)
        self._finish(run)
        self.assertEqual((run.state, run.attempt), ("done", 2))
        self.assertFalse(run.error)

    def test_only_one_when_the_database_forgot_that_it_was_started(self):
        """A worker killed before it could write the process's number, or a database
        that lost its last moment."""
        run = self._start()
        with patch.object(unit_module, "WAIT_SECONDS", 0):
            self._turn()
            first = (run.pid, run.pid_created)
            self.assertTrue(child.is_alive(*first))
            run.pid = False
            self._turn()
        self.assertNotIn(run.pid, (0, first[0]))
        self.assertFalse(child.is_alive(*first))
        self._finish(run)
        self.assertEqual((run.state, run.attempt), ("done", 1))

    def test_memory_is_the_process_own_when_its_worker_is_a_big_one(self):
        """The system counts a parent's memory in what it tells of its child."""
        self._lift_memory_limit()
        block = bytearray(500 * 2**20)
        block[::4096] = b"1" * len(block[::4096])
        run = self._run()
        del block
        peaks = [s["peak_mb"] for s in run.stages if "cpu_seconds" in s]
        self.assertGreater(min(peaks), 0)
        self.assertLess(max(peaks), 400)
        self.assertGreaterEqual(run.child_rss, max(peaks))

    def _lift_memory_limit(self):
        """Odoo's own limit counts what all tests before have taken, too."""
        limits = resource.getrlimit(resource.RLIMIT_AS)
        self.addCleanup(resource.setrlimit, resource.RLIMIT_AS, limits)
        resource.setrlimit(resource.RLIMIT_AS, (limits[1], limits[1]))

    def test_failed_when_killed_each_time(self):
        self._publish_first()
        run = self._request()
        start = child.start_child

        def start_and_kill(*arguments):
            pid, created = start(*arguments)
            os.kill(pid, signal.SIGKILL)
            return pid, created

        with patch.object(child, "start_child", start_and_kill):
            self._finish(run)
        self.assertEqual((run.state, run.attempt), ("failed", 3))
        self.assertEqual(self._read_lists(), self.before)

    def test_failed_in_plain_words_when_out_of_memory(self):
        self._publish_first()
        self.env["ir.config_parameter"].set_param(
            "prm_partner_portal.run_memory_mb", "100"
        )
        run = self._run()
        self.assertEqual(run.state, "failed")
        self.assertIn("memory", run.error)
        self.assertEqual(self._read_lists(), self.before)

    def test_failed_in_plain_words_when_the_process_finds_no_space(self):
        """Not even for its answer: only what it wrote on its standard error tells."""
        run = self._start()
        start = child.start_child

        def start_and_fill(folder, *arguments):
            pid, created = start(folder, *arguments)
            os.kill(pid, signal.SIGKILL)
            text = "OSError: [Errno 28] No space left on device"
            (folder / child.STDERR).write_text(text)
            return pid, created

        with patch.object(child, "start_child", start_and_fill):
            self._finish(run)
        self.assertEqual((run.state, run.error_code), ("failed", "storage"))
        self.assertIn(str(run._get_root()), run.error)

    def test_stopped_when_it_takes_too_long(self):
        self._publish_first()
        run = self._start()
        self.env["ir.config_parameter"].set_param("prm_partner_portal.run_minutes", "0")
        with patch.object(unit_module, "WAIT_SECONDS", 0):
            self._turn()
        self.assertEqual((run.state, run.error_code), ("failed", "too_long"))
        self.assertFalse(child.is_alive(run.pid, run.pid_created))
        self.assertEqual(self._read_lists(), self.before)

    def test_the_process_knows_nothing_of_the_database(self):
        run = self._start()
        with (
            patch.dict(os.environ, {"PGPASSWORD": "secret", "PGHOST": "db"}),
            patch.object(unit_module, "WAIT_SECONDS", 0),
        ):
            self._turn()
            environment = Path(f"/proc/{run.pid}/environ").read_text().split("\0")
            limits = Path(f"/proc/{run.pid}/limits").read_text()
        names = {line.partition("=")[0] for line in environment}
        self.assertFalse({n for n in names if n.startswith("PG")})
        self.assertNotIn("ODOO_RC", names)
        self.assertIn("OMP_NUM_THREADS=1", environment)
        self.assertRegex(limits, r"Max address space\s+(\S+)\s+\1\s")
        self.assertRegex(limits, r"Max cpu time\s+(\S+)\s+\1\s")
        self._finish(run)
        self.assertEqual(run.state, "done")

    def test_not_taken_for_ours_when_a_pid_is_used_again(self):
        self.assertFalse(child.is_alive(os.getpid(), 1.0))
        self.assertTrue(child.is_alive(os.getpid(), child.read_birth(os.getpid())))


class TestRunInterrupted(HardCommon):
    def _silence(self, run, **ago):
        """As if the worker had been killed in the middle of its unit."""
        now = fields.Datetime.now()
        run.write(
            {
                "state": "extracting",
                "attempt": 1,
                "heartbeat": now - timedelta(**ago),
                "next_try": now - timedelta(**ago) + timedelta(minutes=3),
            }
        )

    def test_taken_over_when_nothing_is_heard_of_it(self):
        run = self._request()
        self._silence(run, minutes=2)
        self._trigger(self.cron_advance)
        self.assertEqual((run.state, run.attempt), ("extracting", 1))
        self._silence(run, minutes=4)
        self._trigger(self.cron_advance)
        self.assertEqual((run.state, run.attempt), ("computing", 2))
        self._finish(run)
        self.assertEqual(run.state, "done")

    def test_taken_over_when_the_clock_was_set_back(self):
        run = self._request()
        self._silence(run, hours=-5)
        self._trigger(self.cron_advance)
        self.assertEqual((run.state, run.attempt), ("computing", 2))
        run.child_start = fields.Datetime.now() + timedelta(hours=5)
        self._finish(run)
        self.assertEqual(run.state, "done")

    def test_failed_when_interrupted_each_time(self):
        run = self._request()
        self._silence(run, minutes=4)
        run.attempt = 3
        self._trigger(self.cron_advance)
        self.assertEqual((run.state, run.error_code), ("failed", "interrupted"))

    def test_other_hosts_process_is_left_until_it_is_silent(self):
        run = self._start()
        run.write({"host": "elsewhere", "pid": 1, "heartbeat": fields.Datetime.now()})
        self._turn()
        self.assertEqual((run.state, run.attempt), ("computing", 1))
        run.heartbeat = fields.Datetime.now() - timedelta(minutes=4)
        self._turn()
        self.assertEqual(run.state, "waiting")
        self._finish(run)
        self.assertEqual((run.state, run.attempt), ("done", 2))

    def test_health_stands_when_files_cannot_be_written(self):
        run = self._request()
        root = run._get_root()
        root.parent.mkdir(parents=True, exist_ok=True)
        aside = root.with_name(f"{root.name}-aside")
        if root.exists():
            root.rename(aside)
        root.write_text("a file where the folder should be")
        try:
            self._finish(run)
        finally:
            root.unlink()
            if aside.exists():
                aside.rename(root)
        self.assertEqual((run.state, run.attempt), ("failed", 3))
        self.assertEqual(run.error_code, "storage")
        self.assertIn(str(root), run.error)
        self.assertNotEqual(self.rel_alpha.health_color, "grey")

    def test_health_has_its_own_unit_when_the_history_is_long(self):
        with patch.object(unit_module, "MANY_LINES", 0):
            run = self._start()
            self.assertEqual(self.rel_alpha.health_color, "grey")
            self._turn()
        self.assertEqual((run.state, run.health_later), ("computing", False))
        self.assertNotEqual(self.rel_alpha.health_color, "grey")
        self._finish(run)
        self.assertEqual(run.state, "done")

    def test_failed_in_plain_words_when_the_disk_is_full(self):
        dataset = type(self.env["prm.dataset"])
        copy = dataset._copy
        run = self._request()
        with (
            patch.object(
                dataset,
                "_copy",
                lambda s, query, _path: copy(s, query, Path("/dev/full")),
            ),
            mute_logger("odoo.sql_db"),
        ):
            self._finish(run)
        self.assertEqual((run.state, run.error_code), ("failed", "storage"))
        self.assertIn("No space left", run.error_detail)
        self.assertNotEqual(self.rel_alpha.health_color, "grey")
