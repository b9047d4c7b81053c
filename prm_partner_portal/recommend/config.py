"""Settings of the whole library, in one frozen, JSON-able value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from .errors import ConfigError

__all__ = ["RecommenderConfig"]

_WHOLE = {
    "horizon_days": (1, 366),
    "n_neighbours": (5, 1000),
    "n_item_neighbours": (5, 1000),
    "n_own": (1, 5000),
    "n_similar": (0, 5000),
    "n_together": (0, 5000),
    "n_popular": (1, 5000),
    "n_window": (0, 5000),
    "window_rows": (100, 20_000),
    "training_resellers": (10, 100_000),
    "evidence_days": (28, 3660),
    "min_buyers": (5, 1000),
    "max_reasons": (0, 6),
    "quantity_orders": (1, 100),
    "block_cells": (100_000, 1_000_000_000),
}
_REAL = {
    "half_life_days": (1.0, 3660.0),
    "negative_share": (0.01, 1.0),
    "tree_share": (0.0, 1.0),
    "ridge": (0.0, 1e9),
    "forgotten_ratio": (1.0, 100.0),
}


@dataclass(frozen=True)
class RecommenderConfig:
    """Hyperparameters of :class:`Recommender`; every default is sensible."""

    horizon_days: int = 28
    """Days ahead in which a purchase counts as a hit."""
    half_life_days: float = 90.0
    """Age in days at which a purchase counts half in a reseller's profile."""
    n_neighbours: int = 100
    """Similar resellers looked at for each reseller."""
    n_item_neighbours: int = 100
    """Products kept as neighbours of each product."""
    window_rows: int = 3000
    """Most past windows of resellers in the ridge where the range is large."""
    n_own: int = 500
    """Candidates from a reseller's own history."""
    n_similar: int = 60
    """Candidates that similar resellers buy."""
    n_together: int = 80
    """Candidates bought together with the reseller's products."""
    n_window: int = 100
    """Candidates that resellers with a like past bought next."""
    n_popular: int = 50
    """Candidates among the recent bestsellers."""
    training_windows: tuple[int, ...] = (1, 13, 2)
    """Past windows to learn from, counted back in horizons: the first two of them that
    are known. At 28 days, 13 is a year back."""
    training_resellers: int = 3000
    """Most active resellers learnt from in one window; half of them where a model only
    judges or calibrates."""
    negative_share: float = 0.25
    """Share of the candidates that were not bought that is learnt from."""
    tree_share: float = 0.3
    """Share of the trees where they rank together with the straight line."""
    ridge: float = 600.0
    """Strength with which a small company's weights are held to the built-in ones."""
    evidence_days: int = 365
    """Days in which a purchase by others counts as evidence in a reason."""
    min_buyers: int = 5
    """Fewest resellers a reason about others may speak of; never below five."""
    max_reasons: int = 3
    """Most reasons given for one line."""
    forgotten_ratio: float = 3.0
    """Usual intervals without a purchase after which a product is forgotten."""
    quantity_orders: int = 10
    """Last orders of a product whose median quantity is proposed, the later ones
    counting more."""
    block_cells: int = 6_000_000
    """Cells (resellers times products) worked on at a time; bounds the memory."""

    def __post_init__(self) -> None:
        for name, (low, high) in _WHOLE.items():
            _check_whole(name, getattr(self, name), low, high)
        for name, (least, most) in _REAL.items():
            _check_real(name, getattr(self, name), least, most)
        windows = self.training_windows
        if not isinstance(windows, (tuple, list)) or not windows:
            raise ConfigError("training_windows", windows, "whole numbers from 1")
        for window in windows:
            _check_whole("training_windows", window, 1, 200)
        object.__setattr__(self, "training_windows", tuple(windows))

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RecommenderConfig:
        """Build a configuration from what :meth:`to_dict` gave.

        Parameters
        ----------
        values
            Parameters by name; those left out keep their default.

        Raises
        ------
        ConfigError
            For an unknown name or a value out of range.
        """
        known = [field.name for field in fields(cls)]
        for name in values:
            if name not in known:
                raise ConfigError(str(name), values[name], "one of " + ", ".join(known))
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the parameters as JSON-able values.

        Examples
        --------
        >>> RecommenderConfig.from_dict(RecommenderConfig().to_dict()).horizon_days
        28
        """
        values = asdict(self)
        values["training_windows"] = list(self.training_windows)
        return values


def _check_whole(name: str, value: object, low: int, high: int) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not low <= value <= high:  # type: ignore[operator]
        raise ConfigError(name, value, f"a whole number from {low} to {high}")


def _check_real(name: str, value: object, low: float, high: float) -> None:
    real = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not real or not low <= value <= high:  # type: ignore[operator]
        raise ConfigError(name, value, f"a number from {low:g} to {high:g}")
