"""Weights the rankers start from; a company with little history keeps them.

Rounded from one fit on public wholesale orders, on windows that end four weeks or
more before the last day that quality is reported for.
"""

from __future__ import annotations

__all__ = ["NEW_PRIOR", "OWN_PRIOR"]

OWN_PRIOR = {
    "constant": 2.0,
    "count": 0.2,
    "long": 0.4,
    "few_orders": 0.1,
    "many_orders": 0.1,
    "share": 0.1,
    "lateness": 0.2,
    "overdue": -0.3,
    "steady": 0.2,
    "usual": -0.3,
    "similar": 0.15,
    "together": 0.1,
    "reseller_rate": 0.9,
    "reseller_lateness": 0.2,
    "reseller_breadth": -0.2,
    "reseller_novelty": -0.4,
    "product_recent": 0.2,
    "product_trend": 0.1,
    "product_age": -0.1,
    "product_repeat": 0.2,
}
"""For products bought before; a weight a feature of ``OWN_FEATURES``."""

NEW_PRIOR = {
    "constant": -0.5,
    "similar_part": 0.2,
    "together_part": 0.3,
    "similar": 0.4,
    "together": 0.3,
    "reseller_orders": 0.1,
    "reseller_rate": 0.6,
    "reseller_lateness": 0.2,
    "reseller_breadth": 0.2,
    "product_recent": 0.1,
    "product_trend": 0.1,
    "product_firsts": 0.3,
    "product_age": -0.4,
}
"""For products never bought; a weight a feature of ``NEW_FEATURES``."""
