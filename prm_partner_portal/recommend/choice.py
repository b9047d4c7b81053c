"""From the most likely products of each list to those that are published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from .columns import Columns
from .dataset import Dataset
from .errors import ConfigError
from .experiment import is_drawn, period_of
from .lists import Listed
from .places import places_among

__all__ = ["Chooser", "place_in_lists"]

_Ints = npt.NDArray[np.int64]
_Mask = npt.NDArray[np.bool_]
_Reals = npt.NDArray[np.float64]
_KINDS = np.array(["new", "due"], dtype=object)
_ARMS = np.array(["shown", "withheld"], dtype=object)
_WIDER = 2
_LEAST = 2


def place_in_lists(listed: Listed, scores: _Reals) -> _Ints:
    """Return each line's place in its list by descending score, from 1.

    Equal scores fall to the better rank.
    """
    lists = listed.reseller * (int(listed.purpose.max(initial=0)) + 1) + listed.purpose
    order = np.lexsort((listed.rank, -scores, lists))
    places = np.empty(len(order), dtype=np.int64)
    places[order] = places_among(lists[order])
    return places


@dataclass
class Chooser:
    """Orders the candidates, withholds a few, and cuts to the wanted lengths.

    Parameters
    ----------
    dataset
        Gives ids and the day.
    lengths
        Length of the list by purpose.
    control_share
        Share of the pairs that are withheld to learn what listing them is worth.
    priority
        Score of each line by which the lists are ordered; None: probability. The
        most likely products stay listed, too.

    Attributes
    ----------
    control
        What would have been listed, and whether it was: `reseller`, `product`,
        `rank`, `probability`, `kind`, `arm`.
    """

    dataset: Dataset
    lengths: Mapping[str, int]
    control_share: float = 0.0
    priority: Callable[[Listed], _Reals] | None = None
    parts: list[pd.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not 0.0 <= self.control_share <= 0.5:
            raise ConfigError(
                "control_share", self.control_share, "a number from 0 to 0.5"
            )

    @property
    def wanted(self) -> dict[str, int]:
        """Return how many candidates each list needs to choose from."""
        wider = _WIDER if self.control_share or self.priority else 1
        return {purpose: wider * length for purpose, length in self.lengths.items()}

    def __call__(self, listed: Listed) -> Listed:
        """Return the lines that are published, with their rank."""
        if not self.control_share and self.priority is None:
            return listed
        scores = -listed.rank if self.priority is None else self.priority(listed)
        scores = scores.astype(np.float64)
        if self.control_share:
            wanted, _ = self._within(listed, scores)
            withheld = self._withheld(listed, scores, wanted)
            listed, scores = listed.chosen(~withheld), scores[~withheld]
        kept, rank = self._within(listed, scores)
        return replace(listed, rank=rank).chosen(kept)

    def _within(self, listed: Listed, scores: _Reals) -> tuple[_Mask, _Ints]:
        """Tell what is listed: by its order, or because it is the most likely."""
        length = np.array(list(self.lengths.values()), dtype=np.int64)[listed.purpose]
        rank = place_in_lists(listed, scores)
        likely = place_in_lists(listed, listed.probability)
        return (rank <= length) | (likely <= length), rank

    def _withheld(self, listed: Listed, scores: _Reals, wanted: _Mask) -> _Mask:
        """Draw, and remember what would have been listed; no list becomes empty."""
        period = period_of(self.dataset.as_of)
        resellers = self.dataset.reseller_ids[listed.reseller]
        products = self.dataset.product_ids[listed.product]
        drawn = np.fromiter(
            (
                is_drawn(*pair, period, self.control_share)
                for pair in zip(resellers, products, strict=True)
            ),
            dtype=bool,
            count=len(resellers),
        )
        lists = listed.reseller * len(self.lengths) + listed.purpose
        _, which, size = np.unique(lists, return_inverse=True, return_counts=True)
        inside = size[which] >= _LEAST
        drawn &= inside
        # Where every candidate was drawn, the best stays, but counts as drawn.
        lost = np.bincount(which, weights=drawn, minlength=len(size)) == size
        rank = place_in_lists(listed, scores)
        withheld = drawn & ~(lost[which] & (rank == 1))
        self._remember(listed, rank, drawn, wanted & inside)
        return withheld

    def _remember(self, listed: Listed, rank: _Ints, drawn: _Mask, kept: _Mask) -> None:
        some = listed.chosen(kept)
        self.parts.append(
            pd.DataFrame(
                {
                    Columns.RESELLER: self.dataset.reseller_ids[some.reseller],
                    Columns.PRODUCT: self.dataset.product_ids[some.product],
                    Columns.RANK: rank[kept],
                    Columns.PROBABILITY: np.round(some.probability, 4),
                    Columns.KIND: _KINDS[(some.pair >= 0).astype(np.int64)],
                    Columns.ARM: _ARMS[drawn[kept].astype(np.int64)],
                }
            )
        )

    @property
    def control(self) -> pd.DataFrame:
        """Return the experiment's pairs; empty where there is none."""
        columns = [Columns.RESELLER, Columns.PRODUCT, Columns.RANK]
        columns += [Columns.PROBABILITY, Columns.KIND, Columns.ARM]
        if not self.parts:
            return pd.DataFrame(columns=columns)
        return pd.concat(self.parts, ignore_index=True)
