"""``python -m recommend``: sets the number of threads, then starts the command."""

from __future__ import annotations

import gc
import os
import sys


def _threads(arguments: list[str]) -> str:
    for place, argument in enumerate(arguments):
        if argument == "--threads" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--threads="):
            return argument.partition("=")[2]
    return "1"


def _limit_threads(number: str) -> None:
    """Numerical libraries read these once, when numpy is first imported."""
    if number.isdigit() and int(number) > 0:
        for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM"):
            os.environ[f"{library}_NUM_THREADS"] = number


if __name__ == "__main__":
    _limit_threads(_threads(sys.argv[1:]))
    from .command import main

    gc.disable()  # a short life, and a million small reasons that are no garbage
    sys.exit(main(sys.argv[1:]))
