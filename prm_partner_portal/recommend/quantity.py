"""How much to propose."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .catalogue import Catalogue
from .history import History
from .newcomers import Newcomers
from .rhythm import median_by_group

__all__ = ["UsualQuantity", "round_to_pack"]

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float32]
_FEW = 3
_HALF_ORDERS = 2.0
"""Orders after which one counts half."""
_TYPICAL = 5.0
"""Products of a reseller that weigh as much as that it is like all others."""


class UsualQuantity:
    r"""Usual quantity of a reseller, or of all buyers by its size, rounded to packs.

    For a product bought before: the lower weighted median of the last orders, where one
    counts half two orders later, capped when there are fewer than three of them. For a
    new one, with *u* the median of what its buyers usually take and *m* the median of
    :math:`\log(q_p / u_p)` over the *n* products *p* of which the reseller takes
    :math:`q_p`,

    .. math:: u \exp\frac{n m}{n + 5}

    Parameters
    ----------
    last_orders
        How many of the last orders of a product count.
    """

    def __init__(self, *, last_orders: int = 10) -> None:
        self.last_orders = last_orders

    def fit(
        self,
        history: History,
        catalogue: Catalogue,
        newcomers: Newcomers | None = None,
    ) -> UsualQuantity:
        """Find the medians; newcomers take the mean of what they are like."""
        self.catalogue_ = catalogue
        lines, product = history.purchases, history.pair_product
        behind = history.pair_end[history.line_pair] - np.arange(len(lines.day))
        kept = behind <= self.last_orders
        size = len(product)
        late = np.exp2(-behind[kept] / _HALF_ORDERS)
        own = median_by_group(
            lines.quantity[kept], history.line_pair[kept], size, 0.0, late
        )
        self.by_product_ = median_by_group(own, product, history.n_products, 1.0)
        relative = np.log(own / self.by_product_[product])
        habit = median_by_group(
            relative.astype(np.float32), history.pair_reseller, history.n_resellers, 0.0
        )
        self.own_ = _capped(own, history, self.by_product_, habit)
        count = np.bincount(history.pair_reseller, minlength=history.n_resellers)
        self.size_ = np.exp(habit * count / (count + _TYPICAL))
        if newcomers and len(newcomers.codes):
            lent = newcomers.borrow(np.log(self.by_product_))[newcomers.codes]
            self.by_product_[newcomers.codes] = np.exp(lent)
        return self

    def predict(
        self, resellers: _Ints, products: _Ints, pairs: _Ints
    ) -> npt.NDArray[np.float64]:
        """Return the quantity of each line; `pairs` is -1 for new products."""
        usual = self.by_product_[products]
        # What is sold by the piece stays whole, what is sold by weight need not.
        whole = np.maximum(np.rint(usual * self.size_[resellers]), 1.0)
        quantity = np.where(usual >= 1.0, whole, usual).astype(np.float64)
        old = pairs >= 0
        quantity[old] = self.own_[pairs[old]]
        return round_to_pack(
            quantity,
            self.catalogue_.pack[products],
            self.catalogue_.min_quantity[products],
        )


def round_to_pack(
    quantity: npt.NDArray[np.float64],
    pack: npt.NDArray[np.float64],
    least: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    """Raise to the least quantity, then to a multiple of the pack (0: free).

    Examples
    --------
    >>> import numpy as np
    >>> pack = np.array([6.0, 0.0, 6.0])
    >>> round_to_pack(np.array([7.0, 7.0, 12.0]), pack, np.array([0, 10, 0])).tolist()
    [12.0, 10.0, 12.0]
    """
    raised = np.maximum(quantity, least)
    packs = np.ceil(raised / np.where(pack > 0, pack, 1.0) - 1e-6)
    rounded: npt.NDArray[np.float64] = np.where(pack > 0, packs * pack, raised)
    return rounded.round(6)


def _capped(
    own: _Floats, history: History, by_product: _Floats, habit: _Floats
) -> _Floats:
    """Hold one or two giant orders down to five times what would be expected.

    Where hardly anyone else bought the product, to what is large anywhere.
    """
    expected = by_product[history.pair_product]
    expected = expected * np.exp(np.maximum(habit[history.pair_reseller], 0.0))
    alone = history.buyers[history.pair_product] < _FEW
    most = np.quantile(own, 0.99, method="higher") if len(own) else 1.0
    cap = np.where(alone, most, 5.0 * expected)
    cap[history.pair_count >= _FEW] = np.inf
    held = np.minimum(own, np.maximum(np.floor(cap), np.minimum(own, 1.0)))
    return held.astype(np.float32)
