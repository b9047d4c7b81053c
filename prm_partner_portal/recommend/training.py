"""Labelled candidates of past windows, and the models learnt from them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .candidates import candidate_pairs, default_generators
from .config import RecommenderConfig
from .dataset import Dataset, Purchases
from .evidence import Block, Evidence
from .features import describe
from .gate import choose, unjudged
from .history import History
from .model import Model, Sample
from .sampling import active_resellers, drawn, spread

__all__ = ["Trainer"]

_Floats = npt.NDArray[np.float32]
_LEAST_DAYS = 28
"""Days of history that must stand before a window one can learn from."""
_WINDOWS = 2
"""Windows learnt from: more of them take time and hardly help."""
_MOST_GATED = 300


class Trainer:
    """Learns models for any day of a dataset; shares what two days need.

    ::

        for a model of day D, horizon h:

        ···|—— 13 ——|·································|—— 2 ——|—— 1 ——|
         D-13h    D-12h                              D-2h     D-h      D

        the rankers learn on windows 1 and 13, a year back (2 where no year is known);
        the calibrators on window 1, by scores of the gate's model, which did not see
        it, where there is one; the gate judges windows 3 and 2 by a model of day D-3h,
        so that window 1 can tell how good the choice was. That model learns from
        window 4 and from the window a year before D-h, which the model of D-h needs,
        too. Where D is not the last known day, the model only judges: it learns from
        half as many resellers. Nothing after D is looked at.

    Parameters
    ----------
    dataset
        The checked input.
    config
        Settings.
    """

    def __init__(self, dataset: Dataset, config: RecommenderConfig) -> None:
        self.dataset = dataset
        self.config = config
        self._samples: dict[tuple[int, int], Sample] = {}
        self._models: dict[int, Model] = {}
        self._gates: dict[int, tuple[str, dict[str, float]]] = {}
        self._gated: dict[int, Model] = {}
        self._evidence: Evidence | None = None

    def evidence(self, day: int) -> Evidence:
        """Return what was known on a day; the last one asked for is kept."""
        if self._evidence is None or self._evidence.history.day != day:
            data = self.dataset
            self._evidence = None  # two at a time would need twice the memory
            history = History(data.purchases, data.n_resellers, data.n_products, day)
            # Of past days it is known what was new and sold after all.
            new = data.newcomers if day == data.as_of else None
            self._evidence = Evidence(history, self.config, new)
        return self._evidence

    def gate(self, day: int) -> tuple[str, dict[str, float]]:
        """Choose the way to rank by the windows before the last one.

        Returns
        -------
        method, quality
            One of :data:`METHODS`, and the mean nDCG@10 of each; as :func:`unjudged`
            and nothing where there is too little history to choose by.
        """
        if day not in self._gates:
            horizon = self.config.horizon_days
            before = day - 3 * horizon
            samples = self._gate_samples(day, before)
            if not samples:
                return unjudged(self._learnt(day)), {}
            model = self._gated[before] = Model.learn(samples, self.config)
            windows = [self._complete(start) for start in (before, before + horizon)]
            self._gates[day] = choose(model, samples[0], windows)
        return self._gates[day]

    def _gate_samples(self, day: int, before: int) -> list[Sample]:
        starts = self._starts(before)
        shared = self._starts(day - self.config.horizon_days)[1:]
        if starts and shared and shared[0] < starts[0]:
            starts[1:] = shared
        return [self.sample(start, self._most(before)) for start in starts]

    def model(self, day: int, method: str | None = None) -> Model:
        """Learn from the windows that end on that day or before.

        Parameters
        ----------
        day
            The last known day.
        method
            The way to rank, one of :data:`METHODS`; the model's own when None.
        """
        model = self._learnt(day)
        model = model.using(method or model.method)
        starts = self._starts(day)
        if not starts:
            return model
        known = [d for d in self._gated if d <= day - self.config.horizon_days]
        earlier = self._gated[max(known)] if known else None
        return model.calibrated(earlier, self.sample(starts[0], self._most(day)))

    def _most(self, day: int) -> int:
        most = self.config.training_resellers
        return most if day == self.dataset.as_of else most // 2

    def _learnt(self, day: int) -> Model:
        if day not in self._models:
            most = self._most(day)
            samples = [self.sample(start, most) for start in self._starts(day)]
            self._models[day] = Model.learn(samples, self.config)
        return self._models[day]

    def forget(self) -> None:
        """Free the samples, the models and the evidence."""
        for kept in (self._samples, self._models, self._gates, self._gated):
            kept.clear()
        self._evidence = None

    def sample(self, day: int, most: int) -> Sample:
        """Return the candidates of the window after a day, thinned out.

        Parameters
        ----------
        day
            The last known day.
        most
            Most resellers.
        """
        if (day, most) not in self._samples:
            evidence = self.evidence(day)
            chosen = spread(active_resellers(evidence.history), most)
            blocks = self._label(evidence, chosen, self.config.negative_share)
            self._samples[day, most] = Sample.joined([sample for sample, _ in blocks])
        return self._samples[day, most]

    def _complete(self, day: int) -> tuple[Sample, npt.NDArray[np.int64]]:
        """Return all candidates of some who bought, and whose they are."""
        evidence = self.evidence(day)
        truth = self.dataset.purchases.between(day, day + self.config.horizon_days)
        buyers = np.intersect1d(truth.reseller, active_resellers(evidence.history))
        chosen = spread(buyers.astype(np.int64), _MOST_GATED)
        blocks = list(self._label(evidence, chosen, 1.0))
        none = np.empty(0, dtype=np.int64)
        return (
            Sample.joined([sample for sample, _ in blocks]),
            np.concatenate([owners for _, owners in blocks] or [none]),
        )

    def _starts(self, day: int) -> list[int]:
        """Return the days before the windows to learn from."""
        horizon = self.config.horizon_days
        first = self.dataset.first_day + _LEAST_DAYS
        starts = [day - window * horizon for window in self.config.training_windows]
        return [start for start in starts if start >= first][:_WINDOWS]

    def _label(
        self, evidence: Evidence, chosen: npt.NDArray[np.int64], share: float
    ) -> Iterator[tuple[Sample, npt.NDArray[np.int64]]]:
        """Yield labelled candidates and their resellers, block by block."""
        history = evidence.history
        truth = self.dataset.purchases.between(
            history.day, history.day + self.config.horizon_days
        )
        generators = default_generators(self.config, evidence)
        size = evidence.block_size()
        for start in range(0, len(chosen), size):
            block = evidence.block(chosen[start : start + size])
            bought = _bought(block, truth, history)
            rows, products = candidate_pairs(
                generators, block, np.ones_like(bought, dtype=bool)
            )
            labels = bought[rows, products]
            kept = (labels > 0) | drawn(block.resellers[rows], products, share)
            rows, products, labels = rows[kept], products[kept], labels[kept]
            yield (
                Sample(
                    describe(evidence, block, rows, products),
                    labels,
                    np.where(labels > 0, 1.0, 1.0 / share).astype(np.float32),
                    bought.sum(axis=1)[rows],
                ),
                block.resellers[rows],
            )


def _bought(block: Block, truth: Purchases, history: History) -> _Floats:
    place = np.full(history.n_resellers, -1, dtype=np.int64)
    place[block.resellers] = np.arange(len(block.resellers))
    inside = place[truth.reseller] >= 0
    cells = np.zeros(block.pairs.shape, dtype=np.float32)
    cells[place[truth.reseller[inside]], truth.product[inside]] = 1.0
    return cells
