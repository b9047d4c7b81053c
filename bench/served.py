"""A served database under real workers: what the storm sees of it and does to it."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import psycopg2

HOST = "127.0.0.1"
PATIENCE = 120
# Class of errors that a database makes that goes down; others come without a code.
LOST = "57P"
ALIVE = re.compile(r"Worker WorkerCron \((\d+)\) alive")
UNIT = re.compile(r"'Resellers: work out.*duration ([\d.]+)s")
WRONG = re.compile(r"^\S+ \S+ \d+ (ERROR|CRITICAL) .*$", re.MULTILINE)


class Database:
    """Statements in transactions of their own, that outlive the database's restart."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.connection: Any = None

    def _open(self) -> Any:
        if self.connection is None or self.connection.closed:
            self.connection = psycopg2.connect(dbname=self.name)
            self.connection.autocommit = True
            with self.connection.cursor() as cr:
                cr.execute("SET synchronous_commit = on")
        return self.connection

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Execute a statement, again when the connection was lost; :return: its rows"""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                with self._open().cursor() as cr:
                    cr.execute(statement, values)
                    return cr.fetchall() if cr.description else []
            except psycopg2.Error as error:
                code = error.pgcode or LOST
                if not code.startswith(LOST) or time.monotonic() > until:
                    raise
                self.connection = None
                time.sleep(0.1)


class Server:
    """Odoo with workers, two and one for the clock unless told, and default limits."""

    def __init__(
        self, config: str, database: str, log: Path, workers: int = 2, crons: int = 1
    ) -> None:
        self.database, self.log = database, log
        self.port, gevent = _free_ports()
        log.unlink(missing_ok=True)
        script = log.with_name("odoo-bin")
        script.write_text("import odoo.cli.command\nodoo.cli.command.main()\n")
        # Its process for websockets is started by a path, not by "-m odoo".
        command = [sys.executable, "-W", "ignore::DeprecationWarning", str(script)]
        command += ["-c", config, "-d", database, f"--db-filter=^{database}$"]
        command += [f"--workers={workers}", f"--max-cron-threads={crons}"]
        command += [f"--logfile={log}"]
        command += [f"--http-port={self.port}", f"--gevent-port={gevent}"]
        self.command = command
        self.process: subprocess.Popen[bytes] | None = None
        self.keep()

    def keep(self) -> None:
        """Start the server, again if it gave up: whoever runs Odoo lets it be so.

        It ends itself when it wants a new worker while the database is away.
        """
        if self.process and self.process.poll() is None:
            return
        self._end()
        first = self.process is None
        self.process = subprocess.Popen(self.command, start_new_session=True)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with (
                contextlib.suppress(OSError),
                socket.create_connection((HOST, self.port), 1),
            ):
                return
            time.sleep(0.2)
        if first:
            sys.exit(f"Odoo did not start: see {self.log}")

    def stop(self) -> None:
        """End the server and what it started."""
        if self.process:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
        self._end()

    def _end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            if self.process:
                os.killpg(self.process.pid, signal.SIGKILL)

    def cron_worker(self) -> int:
        """:return: process that does the clock's jobs now"""
        return int(ALIVE.findall(self.log.read_text())[-1])

    def mark(self) -> int:
        """:return: how long the log is"""
        return self.log.stat().st_size

    def errors(self, since: int) -> int:
        """:return: number of errors that were logged since"""
        return len(WRONG.findall(self._read(since)))

    def units(self, since: int) -> list[float]:
        """:return: seconds of each turn of the nightly action that ended since"""
        return [float(seconds) for seconds in UNIT.findall(self._read(since))]

    def _read(self, since: int) -> str:
        with self.log.open("rb") as file:
            file.seek(since)
            return file.read().decode(errors="replace")

    def login(self) -> Any:
        """:return: function that calls a model's method as the administrator"""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

        def post(route: str, **params: Any) -> dict[str, Any]:
            body = json.dumps({"jsonrpc": "2.0", "params": params}).encode()
            request = urllib.request.Request(
                f"http://{HOST}:{self.port}{route}",
                body,
                {"Content-Type": "application/json"},
            )
            with opener.open(request, timeout=PATIENCE) as answer:
                found: dict[str, Any] = json.load(answer)
                return found

        login = {"db": self.database, "login": "admin", "password": "admin"}
        post("/web/session/authenticate", **login)

        def call(model: str, method: str, ids: list[int], company: int) -> Any:
            context = {"allowed_company_ids": [company]}
            return post(
                "/web/dataset/call_kw",
                model=model,
                method=method,
                args=[ids],
                kwargs={"context": context},
            )

        return call


def _free_ports() -> list[int]:
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(2)]
        for one in sockets:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in sockets]


def left_behind(root: Path) -> tuple[int, int]:
    """:return: processes at work below a folder, and folders in it"""
    processes = 0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = path.read_bytes().split(b"\0")
            processes += b"recommend" in line and f"{root}/".encode() in b"".join(line)
    return processes, len(list(root.iterdir())) if root.is_dir() else 0
