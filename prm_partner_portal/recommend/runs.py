"""What the two commands do, stage by stage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import __version__
from .assortment import Assortment
from .backtest import TimeSplit, backtest, judge_day
from .choice import Chooser
from .columns import Columns
from .complements import Complements
from .config import RecommenderConfig
from .dataset import Dataset
from .experiment import period_of
from .files import sha256_of, write_csv
from .history import History
from .judgement import Judge, day_text
from .lists import check_wanted
from .priority import ValuePriority
from .progress import Progress
from .recommender import Recommender
from .training import Trainer

__all__ = ["backtest_run", "recommend_run"]

_Tables = dict[str, pd.DataFrame]
_METRICS = ("precision@10", "recall@10", "ndcg@10", "ndcg@10_se", "hit@10")
_STYLE_METRICS = ("bought_share", "new_share")
_LEAST_DAYS = 84
_LEAST_JUDGED = 10
_MOST_JUDGED = 4000


def recommend_run(
    tables: _Tables,
    as_of: str,
    config: RecommenderConfig,
    lengths: Mapping[str, int],
    folder: Path,
    progress: Progress,
    *,
    judged: bool = True,
    control_share: float = 0.0,
    priority: str = "likelihood",
) -> dict[str, Any]:
    """Write the lists and return what goes into ``result.json``.

    The lists are ``recommendations.csv``; what goes with each product stands in
    ``complements.csv``.

    Parameters
    ----------
    tables
        Tables by name; the orders are taken out once they are read.
    as_of
        The day that counts as today.
    config
        Settings.
    lengths
        Length of the list by purpose.
    folder
        Where the file goes.
    progress
        Is told how far the run is.
    judged
        Whether to judge the last window first.
    control_share
        Share of the pairs that are withheld, written to ``control.csv`` with those
        that they are compared with.
    priority
        Order of the lists: ``likelihood``, ``turnover`` or ``margin``.
    """
    check_wanted(lengths)
    with progress.stage("check", 5):
        dataset = Dataset.from_frames(
            tables.pop("orders"), tables.get("products"), tables.get("resellers"), as_of
        )
        rules = tables.get("exclude"), tables.get("allowed")
        assortment = Assortment.from_frames(dataset, *rules)
    trainer = Trainer(dataset, config)
    report, reason = None, "The backtest was switched off."
    if judged:
        with progress.stage("backtest", 10):
            report, reason = _last_window(trainer)
    with progress.stage("learn", 40):
        model = Recommender(config).fit_dataset(dataset, trainer)
    chooser = _chooser(model, lengths, control_share, priority)
    with progress.stage("recommend", 60):
        parts = model.parts(chooser.wanted, assortment, chooser)
        written = _write_recommendations(parts, folder)
    with progress.stage("together", 85):
        written["complements"] = _write_complements(model, folder)
    with progress.stage("write", 90):
        written["control"] = _write_control(chooser, folder)
    progress.tell(100, "done")
    return {
        "status": "ok",
        "version": __version__,
        **written,
        "as_of": day_text(dataset.as_of),
        "config": config.to_dict(),
        "method": model.model_.method,
        "gate": model.gate_,
        "counts": dataset.counts | {"excluded_pairs": assortment.n_excluded},
        "stages": progress.stages,
        "backtest": report,
        "backtest_reason": None if report else reason,
    }


def _chooser(
    model: Recommender, lengths: Mapping[str, int], share: float, priority: str
) -> Chooser:
    order = None
    if priority != "likelihood":
        order = ValuePriority(priority).fit(model.dataset_, model.quantity_)
    return Chooser(model.dataset_, lengths, share, order)


def _write_control(chooser: Chooser, folder: Path) -> dict[str, Any] | None:
    """Write what was withheld and what it is compared with, if anything was."""
    if not chooser.control_share:
        return None
    path, pairs = folder / "control.csv", chooser.control
    write_csv([pairs], path)
    return {
        "share": chooser.control_share,
        "period": period_of(chooser.dataset.as_of),
        "withheld": int((pairs[Columns.ARM] == "withheld").sum()),
        "rows": len(pairs),
        "sha256": sha256_of(path),
    }


def _write_complements(model: Recommender, folder: Path) -> dict[str, Any]:
    """Write what goes with each product."""
    data, path = model.dataset_, folder / "complements.csv"
    found = Complements().fit(model.evidence_.history, data.catalogue.listed)
    return {"rows": write_csv([found.frame(data)], path), "sha256": sha256_of(path)}


def _write_recommendations(
    parts: Iterable[pd.DataFrame], folder: Path
) -> dict[str, Any]:
    path = folder / "recommendations.csv"
    rows = write_csv((_for_file(part) for part in parts), path)
    return {"rows": rows, "sha256": sha256_of(path)}


def backtest_run(
    tables: _Tables,
    as_of: str,
    cutoffs: int,
    config: RecommenderConfig,
    progress: Progress,
) -> dict[str, Any]:
    """Judge several windows and return the result with its table as rows."""
    with progress.stage("backtest", 5):
        table = backtest(
            tables["orders"],
            tables.get("products"),
            tables.get("resellers"),
            TimeSplit(config.horizon_days, cutoffs).split(as_of),
            config,
            as_of,
        )
    return {
        "status": "ok",
        "version": __version__,
        "as_of": as_of,
        "config": config.to_dict(),
        "stages": progress.stages,
        "rows": json.loads(table.to_json(orient="records", double_precision=6)),
    }


def _last_window(trainer: Trainer) -> tuple[dict[str, Any] | None, str]:
    """Judge the last window, or say in words why not."""
    data, horizon = trainer.dataset, trainer.config.horizon_days
    cutoff = data.as_of - horizon
    days = max(cutoff - data.first_day + 1, 0)
    if days < _LEAST_DAYS:
        text = f"{days} days of history before the last {horizon} days; "
        return None, text + f"a backtest needs {_LEAST_DAYS}."
    judge = Judge(
        History(data.purchases, data.n_resellers, data.n_products, cutoff),
        data.purchases.between(cutoff, data.as_of),
    )
    if len(judge.resellers) < _LEAST_JUDGED:
        text = f"{len(judge.resellers)} resellers with three or more orders bought in "
        return (
            None,
            text + f"the last {horizon} days; a backtest needs {_LEAST_JUDGED}.",
        )
    method, _ = trainer.gate(data.as_of)
    rows = judge_day(trainer, judge.limit(_MOST_JUDGED), everyone=False, method=method)
    report: dict[str, Any] = {
        "cutoff": day_text(cutoff),
        "days": horizon,
        "judged": len(judge.resellers),
        "cold_resellers": judge.cold_resellers,
        "cold_products": judge.cold_products,
    }
    for row in rows:
        names = _STYLE_METRICS if row["method"] == "style" else _METRICS
        figures = {
            name: round(float(row[name]), 6) if np.isfinite(row[name]) else None
            for name in names
        }
        report.setdefault(row["method"], {})[row["purpose"]] = figures
    return report, ""


def _for_file(frame: pd.DataFrame) -> pd.DataFrame:
    dates = frame[Columns.DUE_DATE].dt.strftime("%Y-%m-%d")
    lines = frame[[Columns.REASONS]].to_json(
        orient="records", lines=True, force_ascii=False
    )
    frame_of = len(f'{{"{Columns.REASONS}":')
    reasons = [line[frame_of:-1] for line in lines.split("\n") if line]
    return frame.assign(
        **{
            Columns.DUE_DATE: dates,
            Columns.REASONS: reasons,
            Columns.SCORE: frame[Columns.SCORE].round(9),
        }
    )
