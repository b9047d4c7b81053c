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
    LEARNT_FEATURES,
    NEW_FEATURES,
    OWN_FEATURES,
    RISING_FEATURES,
    column,
    columns_of,
)
from .hedge import hedged
from .prior import NEW_PRIOR, OWN_PRIOR
from .ranking import LogisticRanker
from .sampling import drawn
from .trees import TreeRanker

__all__ = ["METHODS", "Head", "Model", "Sample", "is_own"]

_Floats = npt.NDArray[np.float32]
_Mask = npt.NDArray[np.bool_]
METHODS = ("frequency", "hedged", "logistic", "ensemble")
"""Ways to rank, the simplest first: own frequency with fill; between that and the
straight line; the straight line; it and trees."""
_FEW_BOUGHT = 1500
"""Purchases below which a company is small: what was learnt is hedged, and held to what
small companies taught with all strength. Above, the more was bought, the less."""
_LEARNT_SHARES = {"frequency": 0.0, "hedged": 0.45}
"""Share that what was learnt has in an order, where it is not all."""
_TREE_SHARE = 0.3
"""Share of the candidates not bought that trees need: more takes time only."""
_LEAST_LOG_ODDS = -4.0
"""Below one chance in 55 by the straight line, trees are not asked: it would take most
of the time and change nothing that is listed."""


def is_own(features: _Floats) -> _Mask:
    """Tell which candidates the reseller bought before."""
    own: _Mask = column(features, "count") >= 0
    return own


@dataclass(frozen=True)
class Sample:
    """Candidates of one window.

    Attributes
    ----------
    features
        One row a candidate, columns as in :data:`FEATURES`.
    bought
        1 where the reseller bought it in the window.
    weight
        How many candidates it stands for: those not bought are thinned out.
    basket
        How many products the candidate's reseller bought in the window.
    """

    features: _Floats
    bought: _Floats
    weight: _Floats
    basket: _Floats

    def thinned(self, share: float) -> Sample:
        """Keep a share of those not bought, which stand for the others."""
        places = np.arange(len(self.bought), dtype=np.int64)
        kept = (self.bought > 0) | drawn(places, places, share)
        weight = np.where(self.bought > 0, self.weight, self.weight / share)
        return Sample(
            self.features[kept],
            self.bought[kept],
            weight[kept].astype(np.float32),
            self.basket[kept],
        )

    @classmethod
    def joined(cls, samples: Sequence[Sample]) -> Sample:
        """Put several one behind the other."""
        none = np.empty(0, dtype=np.float32)
        empty = np.empty((0, len(FEATURES)), dtype=np.float32)
        parts = [*samples, cls(empty, none, none, none)]
        return cls(
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.bought for part in parts]),
            np.concatenate([part.weight for part in parts]),
            np.concatenate([part.basket for part in parts]),
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
    """A head for products bought before, one for new ones, and trees for both.

    Attributes
    ----------
    own, new
        The heads.
    trees
        None where too little was bought.
    method
        One of :data:`METHODS`.
    tree_share
        Share of the trees in the ensemble's log-odds.
    """

    own: Head
    new: Head
    trees: TreeRanker | None
    method: str
    tree_share: float

    @classmethod
    def learn(cls, samples: Sequence[Sample], config: RecommenderConfig) -> Model:
        """Learn from past windows; each purchase counts the same."""
        every = Sample.joined(samples)
        own = is_own(every.features)
        bought = float(every.bought.sum())
        ridge = config.ridge * min(1.0, _FEW_BOUGHT / max(bought, 1.0))
        trees = None
        if TreeRanker.enough(every.bought):
            few = every.thinned(_TREE_SHARE)
            learnt = few.features[:, : len(LEARNT_FEATURES)]
            trees = TreeRanker().fit(learnt, few.bought, few.weight)
        return cls(
            _head(OWN_FEATURES, OWN_PRIOR, every, own, ridge),
            _head(NEW_FEATURES, NEW_PRIOR, every, ~own, ridge),
            trees,
            _method(bought, trees),
            config.tree_share,
        )

    def using(self, method: str) -> Model:
        """Return the model with another way to rank."""
        return replace(self, method=method)

    def calibrated(self, earlier: Model | None, last: Sample) -> Model:
        """Calibrate by what `earlier` would have needed on the last window.

        A model that learnt from a window is surer of it than of the next one: where
        an earlier model is known, the window is new to it.
        """
        known = scores = self.log_odds(last.features)
        if earlier:
            scores = earlier.using(self.method).log_odds(last.features)
        own, heads = is_own(last.features), {}
        for name, rows in (("own", own), ("new", ~own)):
            line = PlattCalibrator()
            line.fit(scores[rows], last.bought[rows], last.weight[rows], known[rows])
            heads[name] = replace(getattr(self, name), calibrator=line)
        return replace(self, **heads)

    def log_odds(self, features: _Floats) -> _Floats:
        """Return what ranks candidates, not yet calibrated."""
        own = is_own(features)
        scores = np.empty(len(features), dtype=np.float32)
        scores[own] = self.own.log_odds(features[own])
        scores[~own] = self.new.log_odds(features[~own])
        if self.method == "ensemble" and self.trees is not None:
            asked = np.flatnonzero(scores > _LEAST_LOG_ODDS)
            learnt = features[asked, : len(LEARNT_FEATURES)]
            other = self.trees.predict(learnt)
            scores[asked] += np.float32(self.tree_share) * (other - scores[asked])
        return scores

    def chances(
        self, features: _Floats, rows: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        """Return the probability of a purchase in the horizon of each candidate.

        Parameters
        ----------
        features
            One row a candidate.
        rows
            Whose candidate each is.
        """
        own, scores = is_own(features), self.log_odds(features)
        chance = np.empty(len(features))
        chance[own] = self.own.calibrator.predict(scores[own])
        chance[~own] = self.new.calibrator.predict(scores[~own])
        share = _LEARNT_SHARES.get(self.method)
        if share is not None:
            sold = column(features, "frequency") >= 0.0
            counted = np.stack(
                [column(features, name)[sold] for name in ("frequency", "popularity")]
            )
            chance[sold] = hedged(rows[sold], chance[sold], counted, share)
        return chance


def _method(bought: float, trees: TreeRanker | None) -> str:
    if bought < _FEW_BOUGHT:
        return "hedged"
    return "logistic" if trees is None else "ensemble"


def _head(
    names: tuple[str, ...],
    prior: dict[str, float],
    sample: Sample,
    rows: _Mask,
    ridge: float,
) -> Head:
    ranker = LogisticRanker(
        names=names, prior=prior, ridge=ridge, rising=RISING_FEATURES
    )
    features = sample.features[np.flatnonzero(rows)[:, None], columns_of(names)]
    ranker.fit(features, sample.bought[rows], sample.weight[rows])
    none = np.empty(0, dtype=np.float32)
    return Head(ranker, PlattCalibrator().fit(none, none, none, none))
