"""What the lists of a past day would have been worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .assortment import Assortment
from .baselines import Baseline, Bestsellers, OwnRecent, OwnUsual
from .checks import to_day
from .cold import ColdRanker
from .config import RecommenderConfig
from .dataset import Dataset
from .errors import ConfigError
from .judgement import Judge, day_text
from .lists import Listed, ListMaker
from .priority import PRIORITIES, ValuePriority, reordered
from .quantity import UsualQuantity
from .styles import style_rows
from .training import Trainer

__all__ = ["TimeSplit", "backtest", "judge_day"]

_LENGTH = 20
_WANTED = {"all": _LENGTH, "reorder": _LENGTH, "discover": _LENGTH}


@dataclass(frozen=True)
class TimeSplit:
    """Cut-offs counted back from the end, each with the window after it.

    ::

        ························ known ·············|— window —|
                                                 cut-off    cut-off + days
        ························ known ··|— window —|··········· never seen
                                      cut-off

    Nothing of a window, and nothing later, is known to what is judged on it.

    Parameters
    ----------
    days
        Length of a window.
    cutoffs
        How many windows.

    Examples
    --------
    >>> TimeSplit(days=28, cutoffs=2).split("2024-03-31")
    ['2024-03-03', '2024-02-04']
    """

    days: int = 28
    cutoffs: int = 3

    def split(self, as_of: object) -> list[str]:
        """Return the cut-offs, the last one first: the last known days."""
        if self.cutoffs < 1:
            raise ConfigError("cutoffs", self.cutoffs, "a whole number from 1")
        end = to_day(as_of)
        return [day_text(end - self.days * (step + 1)) for step in range(self.cutoffs)]


def backtest(
    orders: pd.DataFrame,
    products: pd.DataFrame | None = None,
    resellers: pd.DataFrame | None = None,
    cutoffs: int | Iterable[object] = 3,
    config: RecommenderConfig | None = None,
    as_of: object | None = None,
) -> pd.DataFrame:
    """Judge the engine and the baselines on past windows.

    Judged are resellers with three or more orders before the cut-off who bought
    in the window, on products that five or more resellers bought before it.

    Parameters
    ----------
    orders, products, resellers
        As for :meth:`Recommender.fit`.
    cutoffs
        How many windows back from the end, or the cut-offs themselves.
    config
        Settings; the defaults when None.
    as_of
        Last day of the data to use.

    Returns
    -------
    DataFrame
        One row a method, cut-off and purpose: `judged`, metrics at 10 and 20,
        each with its standard error in a column ending in ``_se``, `coverage`,
        and for the engine `brier`, `expected` and `bought` over the lists of all
        resellers with three or more orders. Where prices are known, the engine's
        lists in the order of turnover and margin, too; and as method ``style`` what
        is shown first, by how new it is: `bought_share`, `new_share`.
    """
    config = config or RecommenderConfig()
    dataset = Dataset.from_frames(orders, products, resellers, as_of)
    if isinstance(cutoffs, int):
        split = TimeSplit(config.horizon_days, cutoffs)
        cutoffs = split.split(day_text(dataset.as_of))
    rows: list[dict[str, Any]] = []
    for cutoff in cutoffs:
        day = to_day(cutoff, "cutoffs")
        before = Dataset.from_frames(orders, products, resellers, day_text(day))
        trainer = Trainer(before, config)
        later = Dataset.from_frames(
            orders, None, None, day_text(day + config.horizon_days)
        )
        judge = Judge.across(before, later, config)
        rows += judge_day(trainer, judge)
    return pd.DataFrame(rows)


def judge_day(
    trainer: Trainer,
    judge: Judge,
    *,
    everyone: bool = True,
    method: str | None = None,
) -> list[dict[str, Any]]:
    """Judge engine and baselines on the window after a judge's day.

    Parameters
    ----------
    trainer
        Learns from what ended on that day or before.
    judge
        Knows the truth.
    everyone
        Also make the engine's lists of resellers that are not judged, to compare
        probabilities with what happened.
    method
        The way to rank; the one that the gate chooses on the judge's day when None.
    """
    model = trainer.model(judge.day, method or trainer.gate(judge.day)[0])
    evidence = trainer.evidence(judge.day)
    history, dataset = evidence.history, trainer.dataset
    cold = ColdRanker(horizon=trainer.config.horizon_days).fit(history, dataset.peers)
    articles = dataset.catalogue.article
    maker = ListMaker(evidence, model, cold, Assortment(judge.products), articles)
    asked = judge.eligible if everyone else judge.resellers
    made = Listed.joined([listed for _, listed in maker.blocks(asked, _WANTED)])
    rows = judge.rows("engine", made, _WANTED)
    rows += style_rows(judge, made, list(_WANTED))
    quantity = UsualQuantity(last_orders=trainer.config.quantity_orders)
    quantity.fit(history, dataset.catalogue)
    for name in PRIORITIES:
        priority = ValuePriority(name).fit(dataset, quantity)
        if priority.known:
            rows += judge.rows(name, reordered(made, priority), _WANTED)
    baselines: list[Baseline] = [Bestsellers(), OwnUsual(), OwnRecent()]
    for baseline in baselines:
        baseline.fit(history)
        listed = baseline.lists(judge.resellers, _WANTED, judge.products)
        rows += judge.rows(baseline.name, listed, _WANTED)
    return rows
