"""Histories and models that several test files use."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from histories import make_orders, tiny_orders
from recommend import Recommender


@pytest.fixture(scope="session")
def orders() -> pd.DataFrame:
    return make_orders()


@pytest.fixture(scope="session")
def tiny() -> pd.DataFrame:
    return tiny_orders()


@pytest.fixture(scope="session")
def model(orders: pd.DataFrame) -> Recommender:
    return Recommender().fit(orders)
