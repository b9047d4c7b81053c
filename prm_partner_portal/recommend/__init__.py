"""What each reseller will probably buy next, and why.

>>> from recommend import Recommender, RecommenderConfig

Names are loaded on first use, so that importing the package costs nothing and a
command can set the number of threads before numpy starts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .backtest import TimeSplit as TimeSplit
    from .backtest import backtest as backtest
    from .columns import Columns as Columns
    from .config import RecommenderConfig as RecommenderConfig
    from .errors import ConfigError as ConfigError
    from .errors import EmptyFileError as EmptyFileError
    from .errors import FileFormatError as FileFormatError
    from .errors import InvalidValueError as InvalidValueError
    from .errors import MissingColumnError as MissingColumnError
    from .errors import MixedIdError as MixedIdError
    from .errors import NotFittedError as NotFittedError
    from .errors import RecommendError as RecommendError
    from .errors import UnknownResellerError as UnknownResellerError
    from .recommender import Recommender as Recommender

__version__ = "1.0.0"

_HOMES = {
    "Columns": "columns",
    "Recommender": "recommender",
    "RecommenderConfig": "config",
    "TimeSplit": "backtest",
    "ConfigError": "errors",
    "EmptyFileError": "errors",
    "FileFormatError": "errors",
    "InvalidValueError": "errors",
    "MissingColumnError": "errors",
    "MixedIdError": "errors",
    "NotFittedError": "errors",
    "RecommendError": "errors",
    "UnknownResellerError": "errors",
}
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value
