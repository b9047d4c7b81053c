"""Runs the examples in the docstrings."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest
import recommend

MODULES = [
    info.name
    for info in pkgutil.iter_modules(recommend.__path__)
    if info.name != "__main__"
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(f"recommend.{name}")
    assert doctest.testmod(module).failed == 0
