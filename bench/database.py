"""A database of Odoo as a worker has it: the registry, and a worker's limits."""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ADMIN = 2


def database_parser(module: str, description: str | None) -> argparse.ArgumentParser:
    """Give the command line of a module that works on one database."""
    parser = argparse.ArgumentParser(prog=f"bench.{module}", description=description)
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    return parser


def open_registry(config: str, name: str) -> Any:
    """Give the registry of a database, with Odoo's limit of virtual memory on."""
    from odoo.modules.registry import Registry
    from odoo.tools import config as settings

    arguments = ["-c", config, "-d", name, "--no-http", "--log-level=warn"]
    settings.parse_config(arguments)
    registry = Registry(name)
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (settings["limit_memory_hard"], hard))
    return registry


@contextmanager
def transaction(registry: Any, user: int = 1) -> Iterator[Any]:
    """Open an environment whose transaction is committed at the end."""
    from odoo import api

    with registry.cursor() as cr:
        yield api.Environment(cr, user, {})


def vacuum(registry: Any, *tables: str) -> None:
    """Tidy tables and their statistics, as the server does in the background."""
    from odoo.tools import SQL

    with registry.cursor() as cr:
        cr.commit()
        cr.connection.autocommit = True
        for table in tables:
            cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(table)))
        cr.connection.autocommit = False


def backend_cpu(cr: Any) -> float:
    """CPU seconds of the database's process behind a cursor.

    To the nanosecond where the kernel keeps that, else to a hundredth.
    """
    folder = Path(f"/proc/{cr.connection.info.backend_pid}")
    exact = folder / "schedstat"
    if exact.exists():
        return int(exact.read_text().split()[0]) / 1e9
    user, system = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def machine_cpu() -> float:
    """CPU seconds of everything on this machine since it was started, idle ones not."""
    values = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    user, nice, system, _idle, _wait, *rest = map(int, values)
    return (user + nice + system + sum(rest)) / os.sysconf("SC_CLK_TCK")


class Clock:
    """Seconds, CPU seconds of both processes, and statements since it was made."""

    def __init__(self, cr: Any) -> None:
        self.cr = cr
        self.begun = self._read()

    def _read(self) -> list[float]:
        statements = self.cr.sql_log_count
        return [time.monotonic(), time.process_time(), backend_cpu(self.cr), statements]

    def read(self) -> dict[str, float]:
        """:return: seconds, cpu (of this process), backend_cpu, statements"""
        names = ("seconds", "cpu", "backend_cpu", "statements")
        spans = [now - then for now, then in zip(self._read(), self.begun, strict=True)]
        return dict(zip(names, spans, strict=True))
