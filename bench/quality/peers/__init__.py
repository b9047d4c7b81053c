"""What the engine is held against, with settings found before the last windows.

Settings are those of the papers or were chosen on the window that begins 112 days
before the end of Online Retail II, which none of the reported windows reaches into.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from recommend.baselines import Bestsellers, OwnRecent, OwnUsual
from recommend.history import History
from recommend.lists import Listed

from ..lines import Ints, Mask
from .als import Als
from .ease import Ease, RecentEase
from .frequency import AllTimeBestsellers, OwnFrequency
from .neighbours import UserNeighbours
from .reranker import LambdaReranker
from .tifu import TemporalFrequency
from .upcf import UserPopularity


class Method(Protocol):
    """What every peer can do, the engine's own baselines too."""

    name: str

    def fit(self, history: History) -> object:
        """Learn from what was known on a day."""

    def lists(
        self, resellers: Ints, wanted: Mapping[str, int], products: Mask
    ) -> Listed:
        """List the best products of some resellers by purpose."""


METHODS: dict[str, Callable[[], Method]] = {
    "bestsellers of all time": AllTimeBestsellers,
    "bestsellers of 28 days": Bestsellers,
    "OCA rule: most bought in 6 months": OwnUsual,
    "own frequency": OwnFrequency,
    "own frequency, recency-weighted, with fill": OwnRecent,
    "UP-CF@r": UserPopularity,
    "TIFU-KNN": TemporalFrequency,
    "UserKNN, recency-weighted": UserNeighbours,
    "EASE": Ease,
    "EASE, recency-weighted": RecentEase,
    "ALS (implicit)": Als,
    "re-ranker (LambdaRank)": LambdaReranker,
}
"""Peers in the order of the tables."""
SIMPLE = "own frequency, recency-weighted, with fill"
BESTSELLERS = "bestsellers of 28 days"
SHORT = (
    BESTSELLERS,
    "OCA rule: most bought in 6 months",
    SIMPLE,
    "UP-CF@r",
    "TIFU-KNN",
    "EASE, recency-weighted",
    "ALS (implicit)",
    "re-ranker (LambdaRank)",
)
"""Those of the short form."""
