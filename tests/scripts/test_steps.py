"""What the shell scripts do with a step that fails, is interrupted or killed."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

COMMON = Path(__file__).resolve().parents[2] / "scripts" / "common.sh"
# A command that catches an interrupt and ends as if nothing had happened, and the
# next one, which must then not be reached.
DEAF = "python3 -c 'import time\ntry: time.sleep(60)\nexcept BaseException: pass'"


@pytest.fixture
def call(tmp_path):
    """Start a script that runs ``body`` as a step and then writes "after"."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(COMMON, tmp_path / "scripts")
    processes = []

    def start(body):
        script = tmp_path / "scripts" / f"call{len(processes)}.sh"
        script.write_text(
            'source "$(dirname "$0")/common.sh"\ntake_lock\n'
            f"work() {{\n{body}\n}}\nstep work Working work\necho after\n"
        )
        processes.append(
            subprocess.Popen(
                ["bash", script],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
                preexec_fn=hear_interrupts,
            )
        )
        return processes[-1]

    yield start
    for process in processes:
        process.kill()
        process.wait()
    assert wait_until(lambda: not left(tmp_path)), "processes are left"


def hear_interrupts():
    """As from a keyboard: what a shell starts in the background is deaf to them."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def left(folder):
    """Processes that have the lock's file open."""
    found = []
    for link in Path("/proc").glob("[0-9]*/fd/9"):
        try:
            found += [link] if str(folder) in os.readlink(link) else []
        except OSError:
            continue
    return found


def wait_until(condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def begun(folder):
    return wait_until((folder / "begun").exists)


def test_log_is_shown_when_a_command_fails(call):
    process = call("echo reason\nfalse\necho not reached")
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "reason\n\nFailed: Working (the whole output is in .run/log/" in output
    assert "not reached" not in output
    assert "after" not in output


def test_nothing_goes_on_when_interrupted(call, tmp_path):
    process = call(f"touch {tmp_path}/begun\n{DEAF}\ntouch {tmp_path}/reached")
    assert begun(tmp_path)
    os.killpg(process.pid, signal.SIGINT)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "it goes on from here" in output
    assert "after" not in output
    assert not (tmp_path / "reached").exists()


def test_nothing_is_left_when_killed(call, tmp_path):
    process = call(f"touch {tmp_path}/begun\n{DEAF}\ntouch {tmp_path}/reached")
    assert begun(tmp_path)
    os.killpg(process.pid, signal.SIGKILL)
    assert wait_until(lambda: not left(tmp_path))
    assert not (tmp_path / "reached").exists()


def test_second_call_waits_when_another_works(call, tmp_path):
    first = call(f"touch {tmp_path}/begun\nsleep 2")
    assert begun(tmp_path)
    second = call(f"test -e {tmp_path}/ended")
    assert first.communicate(timeout=20)[0].endswith("after\n")
    (tmp_path / "ended").touch()
    output, _ = second.communicate(timeout=20)
    assert output.startswith("Another call works in this folder")
    assert output.endswith("after\n")
