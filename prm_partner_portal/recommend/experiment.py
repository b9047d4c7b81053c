"""Does listing a product make a reseller buy it? Draw, compare, plan.

Plain Python: who only reads the answer needs no numpy.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

__all__ = [
    "PERIOD_DAYS",
    "Difference",
    "Stratum",
    "is_drawn",
    "pairs_needed",
    "period_of",
    "risk_difference",
    "smallest_effect",
]

PERIOD_DAYS = 56
_TWO_SIDED = 1.959964
"""Normal quantile of 5 %, two-sided."""
_POWER = 0.841621
"""Normal quantile of 80 %."""


def period_of(day: int) -> int:
    """Return the number of the eight weeks that a day since 1970-01-01 is in.

    Examples
    --------
    >>> period_of(55), period_of(56)
    (0, 1)
    """
    return day // PERIOD_DAYS


def is_drawn(reseller: object, product: object, period: int, share: float) -> bool:
    """Tell whether a pair is withheld in a period.

    A hash of the ids as text decides: the same pair gets the same answer on every
    day of the period, on every machine, whatever else is listed.

    Parameters
    ----------
    reseller, product
        Ids.
    period
        See :func:`period_of`.
    share
        Of the pairs, from 0 to 1.

    Examples
    --------
    >>> sum(is_drawn(1, product, 7, 0.05) for product in range(10_000))
    508
    """
    text = f"{reseller}\t{product}\t{period}".encode()
    number = int.from_bytes(blake2b(text, digest_size=8).digest(), "big")
    return number < share * 2.0**64


@dataclass(frozen=True)
class Stratum:
    """Pairs of about the same predicted probability.

    Attributes
    ----------
    shown, shown_bought
        Pairs that were listed, and how many of them were bought.
    withheld, withheld_bought
        The same of those that were not.
    """

    shown: int
    shown_bought: int
    withheld: int
    withheld_bought: int


@dataclass(frozen=True)
class Difference:
    """A difference of shares with its 95 % interval.

    Attributes
    ----------
    value, error
        Shown minus withheld, and its standard error.
    """

    value: float
    error: float

    @property
    def low(self) -> float:
        """Return the lower end of the interval."""
        return self.value - _TWO_SIDED * self.error

    @property
    def high(self) -> float:
        """Return the upper end of the interval."""
        return self.value + _TWO_SIDED * self.error


def risk_difference(strata: Iterable[Stratum]) -> Difference | None:
    r"""Return the Mantel-Haenszel risk difference; None where arms are missing.

    With :math:`a` of :math:`m` shown and :math:`b` of :math:`n` withheld bought in
    a stratum of :math:`N = m + n`:

    .. math:: D = \frac{\sum (a n - b m) / N}{\sum m n / N}

    Its variance is that of Sato (1989), good for few large and for many small
    strata, but not less than without any difference: where hardly any were withheld,
    none of them bought would seem to be certain. Pairs are drawn each by itself, so
    that it holds although a reseller has many of them.

    References
    ----------
    Greenland, S. and Robins, J. M. (1985): Estimation of a common effect parameter
    from sparse follow-up data. Biometrics 41, 55-68.
    Sato, T. (1989): On the variance estimator for the Mantel-Haenszel risk
    difference (letter). Biometrics 45, 1323-1324.

    Examples
    --------
    >>> found = risk_difference([Stratum(1000, 300, 1000, 250)])
    >>> round(found.value, 4), round(found.error, 4)
    (0.05, 0.02)
    """
    strata = list(strata)
    top = weight = first = second = 0.0
    for one in strata:
        m, n, a, b = one.shown, one.withheld, one.shown_bought, one.withheld_bought
        total = m + n
        if not m or not n:
            continue
        top += (a * n - b * m) / total
        weight += m * n / total
        first += (m * m * b - n * n * a + m * n * (n - m) / 2) / total**2
        second += (a * (n - b) + b * (m - a)) / (2 * total)
    if not weight:
        return None
    value = top / weight
    variance = max(value * first + second, 0.0) / weight**2
    return Difference(value, max(math.sqrt(variance), _null_error(strata) or 0.0))


def smallest_effect(strata: Iterable[Stratum]) -> float | None:
    """Return the difference that a test finds four times in five.

    At 5 % two-sided, with the share bought that is common to both arms.

    Examples
    --------
    >>> round(smallest_effect([Stratum(9500, 950, 500, 50)]), 4)
    0.0386
    """
    error = _null_error(strata)
    return None if error is None else (_TWO_SIDED + _POWER) * error


def _null_error(strata: Iterable[Stratum]) -> float | None:
    """Return the standard error where both arms buy alike."""
    weight = variance = 0.0
    for one in strata:
        total = one.shown + one.withheld
        if not one.shown or not one.withheld:
            continue
        share = (one.shown_bought + one.withheld_bought) / total
        part = one.shown * one.withheld / total
        weight += part
        variance += part * share * (1 - share)
    return math.sqrt(variance) / weight if weight else None


def pairs_needed(
    share_bought: float, spread: float, effect: float, withheld: float
) -> float:
    """Return how many pairs of both arms find an effect four times in five.

    Parameters
    ----------
    share_bought
        Mean probability of a purchase.
    spread
        Mean of ``p * (1 - p)`` over the pairs.
    effect
        Relative: 0.1 is a tenth more purchases.
    withheld
        Share of the pairs that are withheld.

    Examples
    --------
    >>> round(pairs_needed(0.2, 0.15, 0.1, 0.05))
    61965
    """
    difference = effect * share_bought
    if difference <= 0 or not 0 < withheld < 1:
        return math.inf
    factor = (_TWO_SIDED + _POWER) ** 2 * (1 / withheld + 1 / (1 - withheld))
    return factor * spread / difference**2
