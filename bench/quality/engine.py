"""The engine by its public door: fitted on a split, asked for lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from recommend import Recommender, RecommenderConfig
from recommend.lists import Listed

from .data import Split
from .lines import WANTED, from_frame

LONG = 300
"""Length of the lists that stand for all that a reseller may buy."""
_ASKED = 1000


def config_of(overrides: dict[str, Any] | None = None) -> RecommenderConfig:
    """Return the default settings with some of them changed."""
    return RecommenderConfig.from_dict(overrides or {})


def fit(split: Split, config: RecommenderConfig | None = None) -> Recommender:
    """Let the engine learn from what was known on the day of a split."""
    return Recommender(config).fit_dataset(split.before)


def top(model: Recommender, resellers: npt.NDArray) -> pd.DataFrame:
    """Make what a night makes: one list for each reseller, with reasons."""
    return model.recommend(resellers, k=WANTED["all"])


def listed(model: Recommender, split: Split, resellers: npt.NDArray) -> Listed:
    """List by all purposes, for the judge."""
    data = split.before
    both = {name: length for name, length in WANTED.items() if name != "all"}
    frame = model.recommend_lists(both, resellers)
    whole = model.recommend_lists({"all": WANTED["all"]}, resellers)
    new = frame["kind"] == "new"
    return Listed.joined(
        [
            from_frame(whole, data, WANTED, "all"),
            from_frame(frame[~new], data, WANTED, "reorder"),
            from_frame(frame[new], data, WANTED, "discover"),
        ]
    )


def long_lists(model: Recommender, resellers: npt.NDArray) -> pd.DataFrame:
    """List far more than anybody reads, some resellers at a time."""
    parts = list(_long_parts(model, resellers))
    return pd.concat(parts, ignore_index=True)


def _long_parts(model: Recommender, resellers: npt.NDArray) -> Iterator[pd.DataFrame]:
    for start in range(0, len(resellers), _ASKED):
        frame = model.recommend(resellers[start : start + _ASKED], k=LONG)
        yield frame.drop(columns=["reasons", "probability"])


def reseller_ids(split: Split, codes: npt.NDArray[np.int64]) -> npt.NDArray:
    """Return the ids of resellers by code."""
    return split.before.reseller_ids[codes]
