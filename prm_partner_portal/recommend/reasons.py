"""Why a product is listed: data that the caller puts into words.

===========  =====================================================================
code         params
===========  =====================================================================
rhythm       interval_days, days_since, orders: bought regularly, about due
usual        orders, days_since, last_date: bought often (or once)
forgotten    interval_days, days_since, orders: bought regularly, long overdue
similar      buyers, of, days: so many of the similar resellers bought it
together     product, buyers, days: so many bought it and that product
popular      buyers, days: so many resellers bought it
alike        product: nobody bought it yet, it is like that product of the reseller's
===========  =====================================================================

`weight` is what the evidence adds to the log-odds, against that of a typical
candidate, or by own frequency the logarithm of what was counted; only evidence that
lifts the product is named, the strongest first. Others are counted only from
``min_buyers`` resellers on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .evidence import Block, Evidence
from .features import (
    POPULAR_FEATURES,
    absent_features,
    column,
    columns_of,
    describe,
)
from .lists import Listed
from .model import Head, Model
from .witnesses import Witnesses

__all__ = ["Explainer"]

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float32]
_GROUPS = {
    "usual": ("count", "short", "long", "few_orders", "many_orders", "share"),
    "rhythm": ("lateness", "overdue", "around", "steady"),
    "similar": (
        "similar", "similar_part", "similar_place", "window", "window_place",
    ),
    "together": (
        "together", "together_part", "together_place", "basket", "basket_place",
    ),
    "popular": POPULAR_FEATURES,
}  # fmt: skip


class Explainer:
    """Names the evidence behind listed lines.

    Parameters
    ----------
    evidence
        What was known.
    model
        What was learnt.
    product_ids
        Ids by code, for the reason that names a product.
    """

    def __init__(
        self, evidence: Evidence, model: Model, product_ids: npt.NDArray[np.object_]
    ) -> None:
        self.evidence = evidence
        self.model = model
        self.product_ids = product_ids
        self.witnesses = Witnesses(evidence)

    def explain(
        self, block: Block | None, listed: Listed
    ) -> list[list[dict[str, Any]]]:
        """Return the reasons of each line.

        Parameters
        ----------
        block
            Where the lines come from; None for resellers without orders.
        listed
            The lines.
        """
        found: list[list[tuple[float, str, dict[str, Any]]]]
        found = [[] for _ in range(len(listed.product))]
        if block is None:
            self._popular(found, np.arange(len(found)), listed, None)
        else:
            self._explain_warm(block, listed, found)
        most = self.evidence.config.max_reasons
        return [
            [
                {"code": code, "weight": round(weight, 4), "params": params}
                for weight, code, params in sorted(line, key=_strongest)[:most]
            ]
            for line in found
        ]

    def _explain_warm(self, block: Block, listed: Listed, found: list) -> None:
        place = np.full(self.evidence.history.n_resellers, -1, dtype=np.int64)
        place[block.resellers] = np.arange(len(block.resellers))
        rows = place[listed.reseller]
        old = np.flatnonzero(listed.pair >= 0)
        new = np.flatnonzero(listed.pair < 0)
        seen = describe(self.evidence, block, rows, listed.product)
        weights = _weights(seen[old], self.model, self.model.own, "usual")
        self._own(found, old, listed, weights)
        self._similar(found, old, listed, rows, weights["similar"], block)
        self._popular(found, old, listed, weights["popular"])
        weights = _weights(seen[new], self.model, self.model.new, "popular")
        self._similar(found, new, listed, rows, weights["similar"], block)
        self._together(found, new, listed, weights["together"])
        self._popular(found, new, listed, weights["popular"])
        self._alike(found, new, listed, weights["similar"] + weights["together"])

    def _own(
        self, found: list, lines: _Ints, listed: Listed, weights: dict[str, _Floats]
    ) -> None:
        history, rhythm = self.evidence.history, self.evidence.rhythm
        pairs = listed.pair[lines]
        since = history.day - history.pair_last[pairs]
        # Said is only what this reseller did: lists may lean on what others do.
        interval = rhythm.own[pairs]
        forgotten = rhythm.ratio[pairs] > self.evidence.config.forgotten_ratio
        regularly = rhythm.regular[pairs]
        dates = history.pair_last[pairs].astype("datetime64[D]").astype(str)
        for place, line in enumerate(lines):
            orders = int(history.pair_count[pairs[place]])
            lasting = {"days_since": int(since[place]), "orders": orders}
            regular = bool(regularly[place])
            days = round(float(interval[place])) if regular else 0
            timed = {"interval_days": days, **lasting}
            usual = max(float(weights["usual"][place]), 0.0001)
            if regular and forgotten[place]:
                found[line].append((usual, "forgotten", timed))
                continue
            found[line].append(
                (usual, "usual", {**lasting, "last_date": str(dates[place])})
            )
            weight = float(weights["rhythm"][place])
            if regular and weight > 0:
                found[line].append((weight, "rhythm", timed))

    def _similar(
        self,
        found: list,
        lines: _Ints,
        listed: Listed,
        rows: _Ints,
        weights: _Floats,
        block: Block,
    ) -> None:
        buyers, of = self.witnesses.similar(block, rows[lines], listed.product[lines])
        days = self.evidence.config.evidence_days
        self._add(
            found,
            lines,
            weights,
            buyers,
            "similar",
            lambda place: {
                "buyers": int(buyers[place]),
                "of": int(of[place]),
                "days": days,
            },
        )

    def _together(
        self, found: list, lines: _Ints, listed: Listed, weights: _Floats
    ) -> None:
        sources, buyers = self.witnesses.together(
            listed.reseller[lines], listed.product[lines]
        )
        days = self.evidence.config.evidence_days
        self._add(
            found,
            lines,
            weights,
            buyers,
            "together",
            lambda place: {
                "product": self.product_ids[sources[place]],
                "buyers": int(buyers[place]),
                "days": days,
            },
        )

    def _alike(
        self, found: list, lines: _Ints, listed: Listed, weights: _Floats
    ) -> None:
        sources = self.witnesses.alike(listed.reseller[lines], listed.product[lines])
        for place in np.flatnonzero(sources >= 0):
            weight = max(float(weights[place]), 0.0001)
            params = {"product": self.product_ids[sources[place]]}
            found[lines[place]].append((weight, "alike", params))

    def _popular(
        self, found: list, lines: _Ints, listed: Listed, weights: _Floats | None
    ) -> None:
        buyers = self.evidence.products.buyers[listed.product[lines]]
        if weights is None:
            weights = np.log1p(buyers).astype(np.float32)
        days = self.evidence.config.horizon_days
        self._add(
            found,
            lines,
            weights,
            buyers,
            "popular",
            lambda place: {"buyers": int(buyers[place]), "days": days},
        )

    def _add(
        self,
        found: list,
        lines: _Ints,
        weights: _Floats,
        buyers: _Ints,
        code: str,
        params: Callable[[int], dict[str, Any]],
    ) -> None:
        told = (weights > 0) & (buyers >= self.evidence.config.min_buyers)
        for place in np.flatnonzero(told):
            found[lines[place]].append(
                (float(weights[place]), code, params(int(place)))
            )


def _strongest(reason: tuple[float, str, dict[str, Any]]) -> tuple[float, str]:
    return -reason[0], reason[1]


def _weights(
    features: _Floats, model: Model, head: Head, counted: str
) -> dict[str, _Floats]:
    r"""Return what each group of evidence adds against a typical candidate.

    .. math:: b\,(f(x) - f(x_{G \to \bar x}))

    with *f* the log-odds, :math:`x_{G \to \bar x}` the candidate with the features of
    the group as typical candidates have them, and *b* the calibrator's slope. Where the
    order is own frequency with fill, it is what was `counted` and nothing else.
    """
    if model.method == "frequency":
        weights = dict.fromkeys(_GROUPS, np.zeros(len(features), dtype=np.float32))
        weights[counted] = np.log1p(np.maximum(column(features, "frequency"), 0.0))
        return weights
    typical = absent_features()[0]
    if head.ranker.typical_ is not None:
        typical[columns_of(head.ranker.names)] = head.ranker.typical_
    present = model.log_odds(features)
    weights = {}
    for code, group in _GROUPS.items():
        columns = columns_of([name for name in group if name in head.ranker.names])
        without = features.copy()
        without[:, columns] = typical[columns]
        weights[code] = head.calibrator.slope_ * (present - model.log_odds(without))
    return weights
