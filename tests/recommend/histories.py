"""Purchase histories made up with fixed seeds."""

from __future__ import annotations

import numpy as np
import pandas as pd

START = np.datetime64("2023-01-02")


def make_orders(
    *, resellers: int = 60, products: int = 40, days: int = 300, seed: int = 7
) -> pd.DataFrame:
    """Resellers of three tastes who reorder at their own pace and try new things."""
    rng = np.random.default_rng(seed)
    popular = 1.0 / np.arange(1, products + 1) ** 0.6
    rows: list[tuple[int, int, str, np.datetime64, float]] = []
    for reseller in range(resellers):
        taste = np.where(np.arange(products) % 3 == reseller % 3, 6.0, 1.0) * popular
        size = int(rng.integers(5, 12))
        range_ = rng.choice(products, size=size, replace=False, p=taste / taste.sum())
        pace = int(rng.integers(7, 30))
        day = int(rng.integers(0, pace))
        while day < days:
            if rng.random() < 0.3:
                tried = int(rng.choice(products, p=taste / taste.sum()))
                if tried not in range_:
                    range_[rng.integers(size)] = tried
            for product in range_[rng.random(size) < 0.6]:
                line = (reseller, int(product), f"{reseller}/{day}", START + day)
                rows.append((*line, float(rng.integers(1, 25))))
            day += max(1, pace + int(rng.integers(-2, 3)))
    names = ["reseller", "product", "order", "date", "quantity"]
    return pd.DataFrame(rows, columns=names)


def tiny_orders() -> pd.DataFrame:
    """Ten resellers, fifty orders."""
    orders = make_orders(resellers=10, products=12, days=200, seed=3)
    kept = orders["order"].drop_duplicates()[:50]
    return orders[orders["order"].isin(kept)].reset_index(drop=True)
