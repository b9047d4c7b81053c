"""The errors a caller may catch; each names what was found and what is allowed."""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "EmptyFileError",
    "FileFormatError",
    "InvalidValueError",
    "MissingColumnError",
    "MixedIdError",
    "NotFittedError",
    "RecommendError",
    "UnknownResellerError",
]


class RecommendError(ValueError):
    """Base of all errors that the input or the configuration causes."""


class ConfigError(RecommendError):
    """A parameter has a value that is not allowed."""

    def __init__(self, parameter: str, found: object, allowed: str) -> None:
        self.parameter = parameter
        super().__init__(f"Parameter {parameter!r} is {found!r}; allowed: {allowed}.")


class EmptyFileError(RecommendError):
    """A file holds not even a header."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"File {path!r} is empty; allowed: CSV with a header line, or Parquet."
        )


class FileFormatError(RecommendError):
    """A file cannot be read at all."""

    def __init__(self, path: str, found: str) -> None:
        super().__init__(
            f"File {path!r} cannot be read: {found}; allowed: CSV in UTF-8 with a "
            "header line, or Parquet where pyarrow is installed."
        )


class MissingColumnError(RecommendError):
    """A table lacks a column that is needed."""

    def __init__(self, table: str, column: str, found: list[str]) -> None:
        self.table, self.column = table, column
        super().__init__(
            f"Table {table!r} has no column {column!r}; found: {', '.join(found)}."
        )


class InvalidValueError(RecommendError):
    """One cell holds something that is not allowed; rows count from 1."""

    def __init__(
        self, table: str, column: str, row: int, found: object, allowed: str
    ) -> None:
        self.table, self.column, self.row = table, column, row
        super().__init__(
            f"Table {table!r}, row {row}, column {column!r}: found {found!r}; "
            f"allowed: {allowed}."
        )


class MixedIdError(RecommendError):
    """Ids of more than one kind stand in one column or in two tables."""

    def __init__(self, table: str, column: str, found: list[str]) -> None:
        self.table, self.column = table, column
        super().__init__(
            f"Table {table!r}, column {column!r}: ids of several kinds "
            f"({', '.join(found)}); allowed: one kind in all tables."
        )


class NotFittedError(RecommendError):
    """A method that needs ``fit`` was called before it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not fitted; call fit() first.")


class UnknownResellerError(RecommendError):
    """A list was asked for a reseller that no table mentions."""

    def __init__(self, found: object) -> None:
        super().__init__(
            f"Reseller {found!r} is unknown; allowed: resellers of the orders up to "
            "as_of or of the resellers table."
        )
