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
from .history import History
from .model import Model, Sample
from .sampling import active_resellers, drawn, spread

__all__ = ["Trainer"]

_Floats = npt.NDArray[np.float32]
_LEAST_DAYS = 28
"""Days of history that must stand before a window one can learn from."""
_WINDOWS = 2
"""Windows learnt from: more of them take time and hardly help."""


class Trainer:
    """Learns models for any day of a dataset; shares what two days need.

    ::

        for a model of day D, horizon h:

        ···|—— 13 ——|·································|—— 2 ——|—— 1 ——|
         D-13h    D-12h                              D-2h     D-h      D

        the rankers learn on windows 1 and 13, a year back (2 where no year is known);
        the calibrators on window 1, by scores of a model that did not see it where
        there is one. Nothing after D is looked at.

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
        self._samples: dict[int, Sample] = {}
        self._models: dict[int, Model] = {}
        self._evidence: Evidence | None = None

    def evidence(self, day: int) -> Evidence:
        """Return what was known on a day; the last one asked for is kept."""
        if self._evidence is None or self._evidence.history.day != day:
            data = self.dataset
            history = History(data.purchases, data.n_resellers, data.n_products, day)
            self._evidence = Evidence(history, self.config)
        return self._evidence

    def model(self, day: int) -> Model:
        """Learn from the windows that end on that day or before."""
        model = self._learnt(day)
        starts = self._starts(day)
        if not starts:
            return model
        known = [d for d in self._models if d <= day - self.config.horizon_days]
        earlier = self._models[max(known)] if known else model
        return model.calibrated(earlier, self.sample(starts[0]))

    def _learnt(self, day: int) -> Model:
        if day not in self._models:
            samples = [self.sample(start) for start in self._starts(day)]
            self._models[day] = Model.learn(samples, self.config)
        return self._models[day]

    def forget(self) -> None:
        """Free the samples, the models and the evidence."""
        self._samples.clear()
        self._models.clear()
        self._evidence = None

    def sample(self, day: int) -> Sample:
        """Return the candidates of the window after a day, thinned out."""
        if day not in self._samples:
            evidence = self.evidence(day)
            most = self.config.training_resellers
            chosen = spread(active_resellers(evidence.history), most)
            self._samples[day] = Sample.joined(list(self._label(evidence, chosen)))
        return self._samples[day]

    def _starts(self, day: int) -> list[int]:
        """Return the days before the windows to learn from."""
        horizon = self.config.horizon_days
        first = self.dataset.first_day + _LEAST_DAYS
        starts = [day - window * horizon for window in self.config.training_windows]
        return [start for start in starts if start >= first][:_WINDOWS]

    def _label(
        self, evidence: Evidence, chosen: npt.NDArray[np.int64]
    ) -> Iterator[Sample]:
        """Yield labelled candidates, block by block."""
        history, share = evidence.history, self.config.negative_share
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
            yield Sample(
                describe(evidence, block, rows, products),
                block.pairs[rows, products] >= 0,
                labels,
                np.where(labels > 0, 1.0, 1.0 / share).astype(np.float32),
            )


def _bought(block: Block, truth: Purchases, history: History) -> _Floats:
    place = np.full(history.n_resellers, -1, dtype=np.int64)
    place[block.resellers] = np.arange(len(block.resellers))
    inside = place[truth.reseller] >= 0
    cells = np.zeros(block.pairs.shape, dtype=np.float32)
    cells[place[truth.reseller[inside]], truth.product[inside]] = 1.0
    return cells
