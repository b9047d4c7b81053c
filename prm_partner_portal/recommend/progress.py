"""Tells how far a run is and what each stage cost."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .files import write_json

__all__ = ["Progress"]


class Progress:
    """Writes lines to stderr and a file, and measures stages.

    Parameters
    ----------
    folder
        Where ``progress.json`` goes; None for no file.

    Attributes
    ----------
    stages
        Name, seconds, CPU seconds and peak memory so far of each stage.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.stages: list[dict[str, Any]] = []

    def tell(self, percent: int, stage: str) -> None:
        """Say how far the run is."""
        sys.stderr.write(f"progress {percent} {stage}\n")
        sys.stderr.flush()
        if self.folder is not None:
            values = {"percent": percent, "stage": stage}
            write_json(values, self.folder / "progress.json")

    @contextmanager
    def stage(self, name: str, percent: int) -> Iterator[None]:
        """Announce a stage that begins at `percent` and measure it."""
        self.tell(percent, name)
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.stages.append(
            {
                "name": name,
                "seconds": round(time.perf_counter() - wall, 3),
                "cpu_seconds": round(time.process_time() - cpu, 3),
                "peak_mb": _peak_mb(),
            }
        )


def _peak_mb() -> int | None:
    """Return the peak resident memory; None where the system does not tell.

    Linux counts the parent's peak in a child's ``ru_maxrss``, and the parent may be
    a worker of Odoo, so its own figure comes first.
    """
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) >> 10
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak // (1 << 20) if sys.platform == "darwin" else peak // 1024)
