"""The calculation as a process of its own: start it, look at it, end it.

A worker of Odoo has limits of time and of virtual memory that the calculation does
not fit into, and may be replaced at any moment: the process outlives it.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import psutil

try:
    import resource
except ImportError:  # no such limits on this system
    resource = None

ADDON = Path(__file__).resolve().parents[2]
NICENESS = 10
# Passed on from the server; nothing that names the database or opens it.
PASSED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "HOME", "VIRTUAL_ENV")
PASSED += ("PYTHONHOME", "SYSTEMROOT", "TZ")
THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
STDERR = "stderr.log"
# Processes of this worker by pid: kept so that they are reaped when they end.
_started = {}


def start_child(folder, arguments, memory_mb=0):
    """Start the library's command in a session of its own, at low priority.

    :param Path folder: of the run, for its output and temporary files
    :param list arguments: of the command
    :param int memory_mb: limit of its virtual memory, 0 for none of ours
    :return: pid and birth
    :rtype: tuple(int, float)
    """
    with (folder / "stdout.log").open("wb") as out, (folder / STDERR).open("wb") as err:
        process = subprocess.Popen(
            [sys.executable, "-m", "recommend", *arguments],
            cwd=ADDON,
            env=_prepare_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
            close_fds=True,
        )
    _started[process.pid] = process
    _lift_limits(process.pid, memory_mb)
    with contextlib.suppress(psutil.Error):
        psutil.Process(process.pid).nice(NICENESS)
    return process.pid, read_birth(process.pid)


def read_birth(pid):
    """When a process was created: together with its pid it names it for good.

    In ticks since the machine started where the system tells them, because a time of
    day changes when the clock is set.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        return float(stat.rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        try:
            return psutil.Process(pid).create_time()
        except psutil.Error:
            return 0.0


def _prepare_environment(folder):
    paths = [
        str(ADDON),
        *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)),
    ]
    return {
        **{name: os.environ[name] for name in PASSED if name in os.environ},
        **{f"{name}_NUM_THREADS": "1" for name in THREADS},
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONIOENCODING": "utf-8",
        "TMPDIR": str(folder),
    }


def _lift_limits(pid, memory_mb):
    """The worker's own limits, meant for a request, go up to the hard ones."""
    if not hasattr(resource, "prlimit"):
        return
    for name in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        with contextlib.suppress(OSError, ValueError):
            _soft, hard = resource.prlimit(pid, name)
            soft = hard
            if name == resource.RLIMIT_AS and memory_mb:
                soft = memory_mb * 2**20
                if hard != resource.RLIM_INFINITY:
                    soft = min(soft, hard)
            resource.prlimit(pid, name, (soft, hard))


def is_alive(pid, created):
    """:return: whether that very process runs; one that only awaits its end does not"""
    if pid in _started and _started[pid].poll() is not None:
        del _started[pid]
        return False
    try:
        process = psutil.Process(pid)
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and abs(read_birth(pid) - created) < 2
        )
    except psutil.Error:
        return False


def kill_children(folder):
    """End every process of a run's folder, whoever started it."""
    for process in psutil.process_iter(["cmdline"]):
        if any(str(folder) in part for part in process.info["cmdline"] or []):
            with contextlib.suppress(psutil.Error):
                process.kill()


def read_memory(pid):
    """Highest memory of a process so far, in megabytes.

    :return: {"rss": resident, "vms": virtual}, empty where it cannot be told
    :rtype: dict
    """
    with contextlib.suppress(OSError, ValueError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        found = dict(line.split(":", 1) for line in lines if ":" in line)
        return {
            name: int(found[key].split()[0]) // 1024
            for name, key in (("rss", "VmHWM"), ("vms", "VmPeak"))
            if key in found
        }
    with contextlib.suppress(psutil.Error):
        memory = psutil.Process(pid).memory_info()
        return {"rss": memory.rss // 2**20, "vms": memory.vms // 2**20}
    return {}


def read_progress(folder):
    """:return: percent and name of the stage that the process is at"""
    for line in reversed(read_errors(folder).splitlines()):
        words = line.split(None, 2)
        if len(words) >= 2 and words[0] == "progress" and words[1].isdigit():
            return min(int(words[1]), 100), words[2] if len(words) > 2 else ""
    return 0, ""


def read_errors(folder, size=4000):
    """:return: the end of what the process wrote on its standard error"""
    try:
        with (folder / STDERR).open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(file.tell() - size, 0))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
