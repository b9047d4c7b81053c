"""What was learnt: from the features of candidates to chances of a purchase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .calibration import PlattCalibrator
from .config import RecommenderConfig
from .features import (
    FEATURES,
    NEW_FEATURES,
    OWN_FEATURES,
    RISING_FEATURES,
    columns_of,
)
from .prior import NEW_PRIOR, OWN_PRIOR
from .ranking import LogisticRanker

__all__ = ["Head", "Model", "Sample"]

_Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Sample:
    """Candidates of one window.

    Attributes
    ----------
    features
        One row a candidate, columns as in :data:`FEATURES`.
    own
        Whether the reseller had bought it before.
    bought
        1 where the reseller bought it in the window.
    weight
        How many candidates it stands for: those not bought are thinned out.
    """

    features: _Floats
    own: npt.NDArray[np.bool_]
    bought: _Floats
    weight: _Floats

    @classmethod
    def joined(cls, samples: Sequence[Sample]) -> Sample:
        """Put several one behind the other."""
        none = np.empty(0, dtype=np.float32)
        empty = np.empty((0, len(FEATURES)), dtype=np.float32)
        parts = [*samples, cls(empty, none > 0, none, none)]
        return cls(
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.own for part in parts]),
            np.concatenate([part.bought for part in parts]),
            np.concatenate([part.weight for part in parts]),
        )


@dataclass(frozen=True)
class Head:
    """Logistic ranker and calibrator for own or for new products."""

    ranker: LogisticRanker
    calibrator: PlattCalibrator

    def log_odds(self, features: _Floats) -> _Floats:
        """Return the logistic ranker's log-odds of rows of the whole matrix."""
        return self.ranker.predict(features[:, columns_of(self.ranker.names)])


@dataclass(frozen=True)
class Model:
    """A head for products bought before and one for new ones."""

    own: Head
    new: Head

    @classmethod
    def learn(cls, samples: Sequence[Sample], config: RecommenderConfig) -> Model:
        """Learn from past windows; each purchase counts the same."""
        every = Sample.joined(samples)
        return cls(
            _head(OWN_FEATURES, OWN_PRIOR, every, every.own, config),
            _head(NEW_FEATURES, NEW_PRIOR, every, ~every.own, config),
        )

    def calibrated(self, earlier: Model, last: Sample) -> Model:
        """Set the level to what `earlier` would have needed on the last window.

        A model that learnt from a window is surer of it than of the next one: where
        an earlier model is known, the window is new to it.
        """
        heads = {}
        for name, rows in (("own", last.own), ("new", ~last.own)):
            scores = getattr(earlier, name).log_odds(last.features[rows])
            line = PlattCalibrator().fit(scores, last.bought[rows], last.weight[rows])
            heads[name] = replace(getattr(self, name), calibrator=line)
        return replace(self, **heads)

    def chances(self, features: _Floats) -> npt.NDArray[np.float64]:
        """Return the probability of a purchase in the horizon of each candidate."""
        own = features[:, FEATURES.index("count")] >= 0
        chance = np.empty(len(features))
        for head, rows in ((self.own, own), (self.new, ~own)):
            scores = head.log_odds(features[rows])
            chance[rows] = head.calibrator.predict(scores)
        return chance


def _head(
    names: tuple[str, ...],
    prior: dict[str, float],
    sample: Sample,
    rows: npt.NDArray[np.bool_],
    config: RecommenderConfig,
) -> Head:
    ranker = LogisticRanker(
        names=names, prior=prior, ridge=config.ridge, rising=RISING_FEATURES
    )
    features = sample.features[np.flatnonzero(rows)[:, None], columns_of(names)]
    ranker.fit(features, sample.bought[rows], sample.weight[rows])
    none = np.empty(0, dtype=np.float32)
    return Head(ranker, PlattCalibrator().fit(none, none, none))
