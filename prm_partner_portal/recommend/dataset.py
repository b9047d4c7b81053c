"""Tables checked and turned into whole-number codes, once, at the door."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from .canonical import canonical_order
from .catalogue import Catalogue, new_ids
from .checks import check_columns, check_days, check_ids, check_numbers, to_day
from .columns import Columns
from .newcomers import Newcomers
from .peers import PeerGroups

__all__ = ["Dataset", "Purchases"]

_Ids = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Purchases:
    """What a reseller bought of a product on one day, one row each.

    Sorted by reseller, product and day; an order is a reseller's day.
    """

    reseller: npt.NDArray[np.int32]
    product: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    quantity: npt.NDArray[np.float32]

    def up_to(self, day: int) -> Purchases:
        """Return the purchases of that day and before."""
        kept = self.day <= day
        if kept.all():
            return self
        return self.chosen(kept)

    def between(self, after: int, until: int) -> Purchases:
        """Return the purchases later than `after`, up to and with `until`."""
        return self.chosen((self.day > after) & (self.day <= until))

    def chosen(self, kept: npt.NDArray[np.bool_]) -> Purchases:
        """Return some of the purchases."""
        return Purchases(
            self.reseller[kept], self.product[kept], self.day[kept], self.quantity[kept]
        )


@dataclass(frozen=True)
class Dataset:
    """The checked input in codes that follow from the data alone.

    Build it with :meth:`from_frames`.
    """

    purchases: Purchases
    reseller_ids: npt.NDArray[np.object_]
    product_ids: npt.NDArray[np.object_]
    catalogue: Catalogue
    newcomers: Newcomers
    peers: PeerGroups
    as_of: int
    """Last day that is known, in days since 1970-01-01."""
    counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def from_frames(
        cls,
        orders: pd.DataFrame,
        products: pd.DataFrame | None = None,
        resellers: pd.DataFrame | None = None,
        as_of: object | None = None,
    ) -> Dataset:
        """Check the tables and encode them.

        Parameters
        ----------
        orders, products, resellers
            Tables as :meth:`Recommender.fit` takes them.
        as_of
            Last day that may be known; later lines are dropped and counted.

        Raises
        ------
        RecommendError
            Names the table, the column, the row, what was found and is allowed.
        """
        lines, reseller_ids, product_ids, today, counts = _Lines.read(orders, as_of)
        del orders  # much memory, where the caller kept none of it
        lines, reseller_ids, product_ids = lines.canonical(reseller_ids, product_ids)
        n_sold = len(product_ids)
        product_ids = np.append(product_ids, new_ids(products, product_ids))
        catalogue = Catalogue.from_frame(products, product_ids)
        newcomers = Newcomers.from_frame(products, product_ids, n_sold)
        peers = PeerGroups.from_frame(resellers, reseller_ids)
        counts |= {
            "resellers": len(peers.ids),
            "products": n_sold,
            "new_products": len(product_ids) - n_sold,
            "excluded_products": int((~catalogue.listed).sum()),
        }
        return cls(
            lines.purchases(len(product_ids)),
            peers.ids,
            product_ids,
            catalogue,
            newcomers,
            peers,
            today,
            counts,
        )

    @property
    def n_resellers(self) -> int:
        """Number of resellers, those without orders included."""
        return len(self.reseller_ids)

    @property
    def n_products(self) -> int:
        """Number of products, those that were never bought included."""
        return len(self.product_ids)

    @property
    def as_of_date(self) -> str:
        """The last known day as ISO text."""
        return str(np.datetime64(self.as_of, "D"))

    @property
    def first_day(self) -> int:
        """Day of the first purchase; `as_of` when there is none."""
        return int(self.purchases.day.min(initial=self.as_of))


@dataclass(frozen=True)
class _Lines:
    """Order lines in codes, not yet added up by day."""

    reseller: npt.NDArray[np.int32]
    product: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    quantity: npt.NDArray[np.float64]

    @classmethod
    def read(
        cls, orders: pd.DataFrame, as_of: object | None
    ) -> tuple[_Lines, _Ids, _Ids, int, dict[str, int]]:
        """Check the orders and drop lines that do not count.

        Returns
        -------
        lines, reseller_ids, product_ids, today, counts
            Ids by code, those of dropped lines included.
        """
        check_columns(orders, "orders", Columns.ORDERS)
        days = check_days(orders[Columns.DATE], "orders")
        quantities = check_numbers(orders[Columns.QUANTITY], "orders")
        resellers, reseller_ids = check_ids(orders[Columns.RESELLER], "orders")
        products, product_ids = check_ids(orders[Columns.PRODUCT], "orders")
        today = _today(as_of, days)
        late = days > today
        kept = ~late & (quantities > 0)
        counts = {
            **_count_lines(kept, late),
            "orders": int(orders[Columns.ORDER][kept].nunique()),
        }
        lines = cls(resellers[kept], products[kept], days[kept], quantities[kept])
        return lines, reseller_ids, product_ids, today, counts

    def canonical(
        self, reseller_ids: _Ids, product_ids: _Ids
    ) -> tuple[_Lines, _Ids, _Ids]:
        """Forget ids without lines and give the others their canonical code."""
        reseller, reseller_ids = _used(self.reseller, reseller_ids)
        product, product_ids = _used(self.product, product_ids)
        # Days since the first: the same history years later gets the same codes.
        day = self.day - self.day.min(initial=np.iinfo(np.int32).max)
        first, second = canonical_order(
            reseller, product, day, self.quantity, reseller_ids, product_ids
        )
        lines = _Lines(first[reseller], second[product], self.day, self.quantity)
        return lines, _placed(reseller_ids, first), _placed(product_ids, second)

    def purchases(self, n_products: int) -> Purchases:
        """Add up the lines of one reseller, product and day."""
        if not len(self.day):
            none = np.empty(0, dtype=np.int32)
            return Purchases(none, none, none, np.empty(0, dtype=np.float32))
        start = int(self.day.min())
        span = int(self.day.max()) - start + 1
        key = self.reseller.astype(np.int64)
        for size, part in ((n_products, self.product), (span, self.day - start)):
            key *= size
            key += part
        order = np.argsort(key, kind="stable")
        key = key[order]
        heads = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
        first = order[heads]
        return Purchases(
            self.reseller[first],
            self.product[first],
            self.day[first],
            np.add.reduceat(self.quantity[order], heads).astype(np.float32),
        )


def _count_lines(
    kept: npt.NDArray[np.bool_], late: npt.NDArray[np.bool_]
) -> dict[str, int]:
    return {
        "lines": int(kept.sum()),
        "dropped_after_as_of": int(late.sum()),
        "dropped_nonpositive": int((~late & ~kept).sum()),
    }


def _today(as_of: object | None, days: npt.NDArray[np.int32]) -> int:
    if as_of is not None:
        return to_day(as_of)
    return int(days.max()) if len(days) else 0


def _used(
    codes: npt.NDArray[np.int32], ids: _Ids
) -> tuple[npt.NDArray[np.int32], _Ids]:
    used = np.zeros(len(ids), dtype=bool)
    used[codes] = True
    places = np.cumsum(used, dtype=np.int32) - np.int32(1)
    return places[codes], ids[used]


def _placed(ids: _Ids, places: npt.NDArray[np.int32]) -> _Ids:
    placed = np.empty_like(ids)
    placed[places] = ids
    return placed
