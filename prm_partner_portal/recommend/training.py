"""Labelled candidates of past windows, and the model learnt from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .calibration import PlattCalibrator
from .candidates import candidate_pairs, default_generators
from .config import RecommenderConfig
from .dataset import Dataset, Purchases
from .evidence import Block, Evidence
from .features import (
    NEW_FEATURES,
    OWN_FEATURES,
    RISING_FEATURES,
    new_features,
    own_features,
)
from .history import History
from .prior import NEW_PRIOR, OWN_PRIOR
from .ranking import LogisticRanker

__all__ = ["Head", "Model", "Sample", "Trainer"]

_Floats = npt.NDArray[np.float32]
_LEAST_DAYS = 28
"""Days of history that must stand before a window one can learn from."""


@dataclass(frozen=True)
class Sample:
    """Candidates of one window: own or new ones.

    Attributes
    ----------
    features
        One row a candidate.
    bought
        1 where the reseller bought it in the window.
    importance
        Less for resellers who bought much, so that each counts.
    """

    features: _Floats
    bought: _Floats
    importance: _Floats


@dataclass(frozen=True)
class Head:
    """Ranker and calibrator for own or for new products."""

    ranker: LogisticRanker
    calibrator: PlattCalibrator


@dataclass(frozen=True)
class Model:
    """What was learnt: a head for own products and one for new ones."""

    own: Head
    new: Head


class Trainer:
    """Learns models for any day of a dataset; shares what two days need.

    ::

        for a model of day D, horizon h, windows (1, 2, 13):

        ···|—— 13 ——|························|—— 2 ——|—— 1 ——|
         D-13h    D-12h                    D-2h     D-h      D
        the ranker learns on all of them, the calibrator on the last one;
        nothing after D is looked at.

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
        self._samples: dict[int, tuple[Sample, Sample]] = {}
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
        horizon = self.config.horizon_days
        starts = [day - window * horizon for window in self.config.training_windows]
        known = [s for s in starts if s - self.dataset.first_day >= _LEAST_DAYS]
        samples = [self.sample(start) for start in known]
        own = _head(OWN_FEATURES, OWN_PRIOR, [own for own, _ in samples], self.config)
        new = _head(NEW_FEATURES, NEW_PRIOR, [new for _, new in samples], self.config)
        return Model(own, new)

    def forget(self) -> None:
        """Free the samples and the evidence."""
        self._samples.clear()
        self._evidence = None

    def sample(self, day: int) -> tuple[Sample, Sample]:
        """Return the own and the new candidates of the window after a day."""
        if day not in self._samples:
            self._samples[day] = self._build(day)
        return self._samples[day]

    def _build(self, day: int) -> tuple[Sample, Sample]:
        evidence = self.evidence(day)
        history = evidence.history
        truth = self.dataset.purchases.between(day, day + self.config.horizon_days)
        generators = default_generators(self.config, evidence)
        chosen = _spread(
            np.flatnonzero(history.n_orders), self.config.training_resellers
        )
        own: list[Sample] = []
        new: list[Sample] = []
        size = evidence.block_size()
        for start in range(0, len(chosen), size):
            block = evidence.block(chosen[start : start + size])
            bought = _bought(block, truth, history)
            rows, products = candidate_pairs(
                generators, block, np.ones_like(bought, dtype=bool)
            )
            labels = bought[rows, products]
            importance = _importance(bought)[rows]
            old = block.pairs[rows, products] >= 0
            for part, mask, describe in (
                (own, old, own_features),
                (new, ~old, new_features),
            ):
                features = describe(evidence, block, rows[mask], products[mask])
                part.append(Sample(features, labels[mask], importance[mask]))
        return _joined(own, len(OWN_FEATURES)), _joined(new, len(NEW_FEATURES))


def _head(
    names: tuple[str, ...],
    prior: dict[str, float],
    samples: list[Sample],
    config: RecommenderConfig,
) -> Head:
    """Learn on all windows, then set the level to that of the last one.

    A line through the log-odds of one window has two numbers to learn from some
    hundred thousand rows; that the ranker saw these rows too does not matter.
    """
    ranker = LogisticRanker(
        names=names, prior=prior, ridge=config.ridge, rising=RISING_FEATURES
    )
    every = _joined(samples, len(names))
    ranker.fit(every.features, every.bought, every.importance)
    last = samples[0] if samples else every
    calibrator = PlattCalibrator().fit(ranker.predict(last.features), last.bought)
    return Head(ranker, calibrator)


def _spread(codes: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.int64]:
    """Take codes at equal distances when there are too many."""
    if len(codes) <= most:
        return codes
    return codes[np.linspace(0, len(codes) - 1, most).astype(np.int64)]


def _bought(block: Block, truth: Purchases, history: History) -> _Floats:
    place = np.full(history.n_resellers, -1, dtype=np.int64)
    place[block.resellers] = np.arange(len(block.resellers))
    inside = place[truth.reseller] >= 0
    cells = np.zeros(block.pairs.shape, dtype=np.float32)
    cells[place[truth.reseller[inside]], truth.product[inside]] = 1.0
    return cells


def _importance(bought: _Floats) -> _Floats:
    weights: _Floats = 1.0 / np.sqrt(np.maximum(bought.sum(axis=1), 1.0))
    return weights


def _joined(samples: list[Sample], width: int) -> Sample:
    if not samples:
        none = np.empty(0, dtype=np.float32)
        return Sample(np.empty((0, width), dtype=np.float32), none, none)
    return Sample(
        np.concatenate([sample.features for sample in samples]),
        np.concatenate([sample.bought for sample in samples]),
        np.concatenate([sample.importance for sample in samples]),
    )
