"""What the parts share: the history, its splits, and the engine's long lists."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from recommend import RecommenderConfig

from . import engine
from .cost import Clock, measured
from .data import Shop, Split
from .lines import Ints, Mask, codes_of
from .truth import Truth


@dataclass(frozen=True)
class Outlook:
    """The engine's long lists of all resellers on one day, in codes.

    Attributes
    ----------
    reseller, product, rank, chance, new, quantity
        One entry a line.
    due
        Day since 1970-01-01, or a number far below any where there is none.
    bought
        Place in the truth of the window, -1 where it was not bought.
    """

    reseller: Ints
    product: Ints
    rank: Ints
    chance: npt.NDArray[np.float64]
    new: Mask
    quantity: npt.NDArray[np.float64]
    due: Ints
    bought: Ints

    @property
    def hit(self) -> Mask:
        """Tell which lines were bought in the window."""
        return self.bought >= 0


@dataclass
class Context:
    """One run of the bench."""

    shop: Shop
    cutoffs: list[str]
    short: bool
    config: RecommenderConfig
    begun: float = field(default_factory=time.monotonic)
    _splits: dict[str, Split] = field(default_factory=dict)
    _truths: dict[str, Truth] = field(default_factory=dict)
    _outlooks: dict[str, Outlook] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """Tell how far it is."""
        print(f"{time.monotonic() - self.begun:6.0f} s  {text}", file=sys.stderr)

    def split(self, cutoff: str) -> Split:
        """Return what was known on a day."""
        if cutoff not in self._splits:
            self._splits[cutoff] = Split(self.shop, cutoff)
        return self._splits[cutoff]

    def truth(self, cutoff: str) -> Truth:
        """Return what was bought in the window."""
        if cutoff not in self._truths:
            split = self.split(cutoff)
            self._truths[cutoff] = Truth(split.window, split.before)
        return self._truths[cutoff]

    def outlook(self, cutoff: str) -> Outlook:
        """Return the engine's long lists, made once."""
        if cutoff not in self._outlooks:
            self.say(f"{cutoff}: long lists of all resellers")
            split, truth = self.split(cutoff), self.truth(cutoff)

            def work(clock: Clock) -> Outlook:
                return look_ahead(split, truth, self.config)

            self._outlooks[cutoff] = measured(work)[0]
        return self._outlooks[cutoff]


def look_ahead(split: Split, truth: Truth, config: RecommenderConfig) -> Outlook:
    """Let the engine learn and list for all resellers with an order."""
    data = split.before
    everyone = data.reseller_ids[split.history().n_orders > 0]
    # Reasons for a million lines would take longer than the lists.
    model = engine.fit(split, replace(config, max_reasons=0))
    frame = engine.long_lists(model, everyone)
    reseller = codes_of(frame["reseller"], data.reseller_ids)
    product = codes_of(frame["product"], data.product_ids)
    due = frame["due_date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    return Outlook(
        reseller,
        product,
        frame["rank"].to_numpy(dtype=np.int64),
        frame["score"].to_numpy(dtype=np.float64),
        (frame["kind"] == "new").to_numpy(),
        frame["quantity"].to_numpy(dtype=np.float64),
        due,
        truth.find(reseller, product),
    )
