"""What a call costs: each in a process of its own, one at a time."""

from __future__ import annotations

import multiprocessing
import resource
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

T = TypeVar("T")


@dataclass
class Clock:
    """CPU seconds of this process, by name of the step."""

    seconds: dict[str, float]

    def time(self, step: str, call: Callable[[], T]) -> T:
        """Do a step and note what it took."""
        begun = time.process_time()
        value = call()
        self.seconds[step] = time.process_time() - begun
        return value


def measured(work: Callable[[Clock], T]) -> tuple[T, dict[str, float]]:
    """Do work in a child and return its value with seconds by step, and peak MB.

    The peak is what the child's memory grew by: it begins with all that its parent
    has loaded, which costs it nothing.
    """
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(work, theirs))
    child.start()
    theirs.close()
    try:
        value, cost, error = ours.recv()
    except EOFError:
        value, cost, error = None, {}, "it was killed"
    child.join()
    if error:
        raise RuntimeError(f"a child process failed: {error}")
    return value, cost


def _work(work: Callable[[Clock], Any], answer: Connection) -> None:
    clock, before = Clock({}), _peak_mb()
    try:
        # The threads that the parent's OpenMP keeps are not in a forked child, which
        # would wait for them without end.
        with threadpool_limits(1):
            value, error = work(clock), ""
    except BaseException:
        value, error = None, traceback.format_exc()
    answer.send((value, {**clock.seconds, "mb": _peak_mb() - before}, error))
    answer.close()


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
