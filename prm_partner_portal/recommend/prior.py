"""Weights the rankers start from; a company with little history keeps them.

Rounded from one fit on what 140 small companies would have known: random subsets of 20,
50 and 300 resellers of a wholesaler's public orders and of a grocer's, on windows that
end four weeks or more before the last day that quality is reported for.
"""

from __future__ import annotations

__all__ = ["NEW_PRIOR", "OWN_PRIOR"]

OWN_PRIOR = {
    "constant": 0.53,
    "count": 0.27,
    "long": 0.36,
    "many_orders": 0.24,
    "share": 0.22,
    "overdue": -0.24,
    "orders_since": 0.08,
    "usual": -0.13,
    "similar": 0.11,
    "window": 0.07,
    "reseller_orders": -0.13,
    "reseller_rate": 0.6,
    "reseller_since": 0.06,
    "reseller_lateness": 0.18,
    "reseller_novelty": -1.11,
    "reseller_season": 0.16,
    "product_quarter": 0.33,
    "product_week": 0.11,
    "product_age": -0.17,
    "product_repeat": 0.84,
    "product_season": 0.38,
}
"""For products bought before; a weight a feature of ``OWN_FEATURES``."""

NEW_PRIOR = {
    "constant": -4.06,
    "together_part": 2.11,
    "similar_together": 3.48,
    "fresh": 0.33,
    "similar": 0.51,
    "window": 0.18,
    "reseller_orders": 0.25,
    "reseller_rate": 0.59,
    "reseller_since": 0.08,
    "reseller_lateness": 0.08,
    "reseller_breadth": 0.63,
    "reseller_novelty": 0.96,
    "reseller_season": 0.25,
    "product_quarter": 0.34,
    "product_week": 0.11,
    "product_firsts": 0.06,
    "product_age": -0.18,
    "product_season": 0.38,
}
"""For products never bought; a weight a feature of ``NEW_FEATURES``."""
