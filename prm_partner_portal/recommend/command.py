"""The command line: ``run`` writes lists into a folder, ``backtest`` judges."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import __version__
from .checks import to_day
from .columns import Columns
from .config import RecommenderConfig
from .errors import ConfigError, FileFormatError, RecommendError
from .files import read_table, write_json
from .priority import PRIORITIES
from .progress import Progress
from .runs import backtest_run, recommend_run

__all__ = ["main"]

_TABLES = {
    "orders": Columns.ORDERS,
    "products": (Columns.PRODUCT,),
    "resellers": (Columns.RESELLER,),
    "exclude": (Columns.RESELLER, Columns.PRODUCT),
    "allowed": (Columns.SEGMENT, Columns.PRODUCT),
}


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        What stands behind ``python -m recommend``.

    Returns
    -------
    int
        Exit code: 0 well, 2 wrong input or parameters, 1 anything else. The last
        line on stdout is JSON that says the same, also in ``result.json``.
    """
    options = _parser().parse_args(arguments)
    folder = Path(options.out) if options.out else None
    try:
        if folder is not None:
            _clear(folder)
        result, code = _run(options, folder), 0
    except RecommendError as error:
        result, code = _failed(error), 2
    except Exception as error:  # the one place that turns crashes into an answer
        result, code = _failed(error), 1
    if folder is not None and folder.is_dir():
        write_json(result, folder / "result.json")
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return code


def _run(options: argparse.Namespace, folder: Path | None) -> dict[str, Any]:
    progress = Progress(folder)
    to_day(options.as_of, "--as-of")
    config = _config(options.config)
    with progress.stage("read", 0):
        tables = {
            name: read_table(path, name, needed)
            for name, needed in _TABLES.items()
            if (path := getattr(options, name, None))
        }
    if options.command == "backtest":
        return backtest_run(tables, options.as_of, options.cutoffs, config, progress)
    assert folder is not None
    lengths = {"reorder": options.k_reorder, "discover": options.k_discover}
    return recommend_run(
        tables,
        options.as_of,
        config,
        lengths,
        folder,
        progress,
        judged=not options.no_backtest,
        control_share=options.control_share,
        priority=options.priority,
    )


def _clear(folder: Path) -> None:
    """Take away an older answer, so that none can be taken for this run's."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (
            "result.json",
            "recommendations.csv",
            "control.csv",
            "complements.csv",
            "progress.json",
        ):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise ConfigError(
            "--out", str(folder), "a folder that can be written"
        ) from error


def _config(path: str | None) -> RecommenderConfig:
    if path is None:
        return RecommenderConfig()
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileFormatError(path, str(error)) from error
    if not isinstance(values, dict):
        raise ConfigError("--config", type(values).__name__, "a JSON object")
    return RecommenderConfig.from_dict(values)


def _failed(error: Exception) -> dict[str, Any]:
    name, text = type(error).__name__, str(error)
    message = text if isinstance(error, RecommendError) else f"{name}: {text}"
    return {
        "status": "error",
        "version": __version__,
        "error": message,
        "class": name,
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recommend", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="write recommendations.csv and result.json")
    judge = commands.add_parser("backtest", help="judge past lists")
    for command in (run, judge):
        command.add_argument("--orders", required=True, metavar="FILE")
        command.add_argument("--products", metavar="FILE")
        command.add_argument("--resellers", metavar="FILE")
        command.add_argument("--as-of", required=True, metavar="DATE")
        command.add_argument("--config", metavar="FILE", help="parameters as JSON")
        command.add_argument("--threads", type=int, default=1)
        command.add_argument("--out", required=command is run, metavar="DIR")
    run.add_argument("--exclude", metavar="FILE", help="reseller, product: never")
    run.add_argument("--allowed", metavar="FILE", help="segment, product: only these")
    run.add_argument("--k-reorder", type=int, default=14)
    run.add_argument("--k-discover", type=int, default=10)
    run.add_argument("--control-share", type=float, default=0.0, metavar="SHARE")
    run.add_argument(
        "--priority", default="likelihood", choices=("likelihood", *PRIORITIES)
    )
    run.add_argument("--no-backtest", action="store_true")
    judge.add_argument("--cutoffs", type=int, default=3)
    return parser
