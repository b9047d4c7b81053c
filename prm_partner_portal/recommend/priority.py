"""Lists in the distributor's order: what is likely first, what is worth more next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from .choice import place_in_lists
from .columns import Columns
from .dataset import Dataset
from .errors import ConfigError
from .lists import Listed
from .quantity import UsualQuantity

__all__ = ["PRIORITIES", "ValuePriority", "reordered"]

_Reals = npt.NDArray[np.float64]
PRIORITIES = {"turnover": Columns.PRICE, "margin": Columns.MARGIN}
_WEIGHT = 0.25
_RANGE = 100.0
_LEAST = 1e-9


class ValuePriority:
    r"""Probability, raised a little where a line would be worth more.

    .. math:: \log p + 0.25 \log (v / \tilde v)

    with the value :math:`v` of the quantity that is proposed and the median
    :math:`\tilde v` over all products. Held within a hundredth and a hundred times
    the median: what is worth a hundred times as much passes what is three times as
    likely, not more. What has no known value counts as the median, what loses money
    as the least.

    Parameters
    ----------
    name
        ``turnover`` or ``margin``.
    """

    def __init__(self, name: str) -> None:
        if name not in PRIORITIES:
            raise ConfigError(
                "priority", name, "one of likelihood, " + ", ".join(PRIORITIES)
            )
        self.name = name

    def fit(self, dataset: Dataset, quantity: UsualQuantity) -> ValuePriority:
        """Look up what a unit of each product is worth."""
        self.quantity_ = quantity
        self.unit_: _Reals = getattr(dataset.catalogue, PRIORITIES[self.name])
        values = self.unit_ * quantity.by_product_
        known = values[np.isfinite(values) & (values > 0)]
        self.median_ = float(np.median(known)) if len(known) else 1.0
        return self

    @property
    def known(self) -> bool:
        """Return whether the value of any product is known."""
        return bool(np.isfinite(self.unit_).any())

    def __call__(self, listed: Listed) -> _Reals:
        """Return the score by which the lines of a list are ordered."""
        quantity = self.quantity_.predict(listed.reseller, listed.product, listed.pair)
        ratio = self.unit_[listed.product] * quantity / self.median_
        ratio = np.where(np.isfinite(ratio), ratio, 1.0)
        worth = np.log(np.clip(ratio, 1.0 / _RANGE, _RANGE))
        likely = np.log(np.maximum(listed.probability, _LEAST))
        scores: _Reals = likely + _WEIGHT * worth
        return scores


def reordered(listed: Listed, priority: ValuePriority) -> Listed:
    """Return the same lines with their rank in the order of a priority."""
    return replace(listed, rank=place_in_lists(listed, priority(listed)))
