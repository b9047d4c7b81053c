"""Read anybody's purchase history and refuse a bad one before it does harm.

One CSV file in UTF-8, a row a line: reseller, product, order, date, quantity and,
if known, amount; names, categories and places if there. Everything is read as
text first, so that a refusal can name row, column and what was found.
"""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

REQUIRED = ("reseller", "product", "order", "date", "quantity")
OPTIONAL = (
    "amount", "reseller_name", "product_name", "category",
    "street", "city", "zip", "state", "country", "email", "phone",
)  # fmt: skip
SHOWN = 10
FIRST_DAY = pd.Timestamp("1990-01-01")
LARGEST = 1e9
LONGEST_ID, LONGEST_TEXT = 64, 256
_DATE = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?"
_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: the heading is row 1."""

    row: int
    column: str
    found: str
    allowed: str

    def __str__(self) -> str:
        found = self.found if len(self.found) <= 60 else self.found[:57] + "…"
        where = f"row {self.row}, column {self.column}"
        return f"{where}: found {found!r}; allowed: {self.allowed}"


class HistoryError(ValueError):
    """The file is refused; ``problems`` say where and why."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.problems = problems
        shown = "\n".join(f"  {problem}" for problem in problems[:SHOWN])
        more = len(problems) - SHOWN
        rest = f"\n  and {more:,} more" if more > 0 else ""
        super().__init__(f"{name} is refused, nothing was written:\n{shown}{rest}")


def read(path: Path, today: datetime.date) -> pd.DataFrame:
    """Read, check and type a history file.

    :param today: the last day on which an order may have been placed.
    :return: the columns of the contract that the file has, typed; a row a line.
    :raise HistoryError: with every problem that was found.
    """
    text = _decode(path)
    delimiter = _delimiter(text)
    table = _table(path.name, text, delimiter)
    problems = _problems(table, delimiter == ";", today)
    if problems:
        raise HistoryError(
            path.name, sorted(problems, key=lambda one: (one.row, one.column))
        )
    return _typed(table, delimiter == ";")


def _decode(path: Path) -> str:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        line = data.rfind(b"\n", 0, error.start) + 1
        before = data[line : error.start].decode("utf-8", "replace")
        column = str(1 + before.count(_delimiter(before)))
        found = f"byte 0x{data[error.start]:02x}"
        raise HistoryError(
            path.name, [Problem(row, column, found, "text in UTF-8")]
        ) from None
    if "\x00" in text:
        row = text.count("\n", 0, text.index("\x00")) + 1
        problem = Problem(row, "1", "a zero byte", "a CSV text file")
        raise HistoryError(path.name, [problem])
    return text


def _delimiter(text: str) -> str:
    """The sign that the heading holds most often."""
    heading = text.split("\n", 1)[0]
    return max(",;\t|", key=lambda sign: (heading.count(sign), sign == ","))


def _table(name: str, text: str, delimiter: str) -> pd.DataFrame:
    """Cut the text into cells; a row keeps its number in the file as index."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        cells = [(rows.line_num, row) for row in rows]
    except csv.Error as error:
        wanted = "CSV with closed quotation marks, and cells of a sensible size"
        problem = Problem(rows.line_num, "1", str(error), wanted)
        raise HistoryError(name, [problem]) from None
    first = cells[0][1] if cells else []
    heading = [cell.strip().lower().replace(" ", "_") for cell in first]
    body = [(number, row) for number, row in cells[1:] if any(row)]
    problems = _heading_problems(heading) + [
        Problem(number, str(len(row)), f"{len(row)} cells", f"{len(heading)} of them")
        for number, row in body
        if len(row) != len(heading)
    ]
    if not problems and not body:
        problems = [Problem(2, REQUIRED[0], "no row", "at least one row")]
    if problems:
        raise HistoryError(name, problems)
    frame = pd.DataFrame([row for _number, row in body], columns=heading, dtype=str)
    frame.index = pd.Index([number for number, _row in body])
    known = [column for column in heading if column in REQUIRED + OPTIONAL]
    return frame[known].apply(lambda column: column.str.strip())


def _heading_problems(heading: list[str]) -> list[Problem]:
    found = ", ".join(heading) or "an empty file"
    problems = [
        Problem(1, column, found, f"a column called {column}")
        for column in REQUIRED
        if column not in heading
    ]
    for column in REQUIRED + OPTIONAL:
        count = heading.count(column)
        if count > 1:
            problems.append(Problem(1, column, f"{count} columns of this name", "one"))
    return problems


def _numbers(column: pd.Series, comma: bool) -> pd.Series:
    """Floats, missing where the text is no number; 1,5 counts where ; separates."""
    text = column.str.replace(",", ".", regex=False) if comma else column
    return pd.to_numeric(text.where(text.str.fullmatch(_NUMBER)), errors="coerce")


def _dates(column: pd.Series) -> pd.Series:
    text = column.where(column.str.fullmatch(_DATE))
    return pd.to_datetime(text, format="ISO8601", errors="coerce").astype(
        "datetime64[us]"
    )


def _problems(table: pd.DataFrame, comma: bool, today: datetime.date) -> list[Problem]:
    found: list[Problem] = []

    def refuse(column: str, wrong: pd.Series, allowed: str) -> None:
        for row, value in table.loc[wrong, column].items():
            found.append(Problem(int(str(row)), column, value, allowed))

    for column in ("reseller", "product", "order"):
        refuse(column, table[column] == "", "an id, not empty")
        long = table[column].str.len() > LONGEST_ID
        refuse(column, long, f"an id of at most {LONGEST_ID} characters")
    for column in [one for one in OPTIONAL if one in table and one != "amount"]:
        long = table[column].str.len() > LONGEST_TEXT
        refuse(column, long, f"at most {LONGEST_TEXT} characters")
    dates = _dates(table["date"])
    refuse("date", dates.isna(), "YYYY-MM-DD, or YYYY-MM-DD HH:MM:SS")
    end = pd.Timestamp(today) + pd.Timedelta(days=1)
    refuse("date", dates >= end, f"a day up to {today:%Y-%m-%d}")
    refuse("date", dates < FIRST_DAY, f"a day from {FIRST_DAY:%Y-%m-%d} on")
    quantity = _numbers(table["quantity"], comma)
    number = "a number such as 12 or 1.5"
    refuse("quantity", quantity.isna(), number)
    refuse("quantity", quantity == 0, "any number but 0; a return is negative")
    refuse("quantity", quantity.abs() > LARGEST, f"up to {LARGEST:,.0f}")
    if "amount" in table:
        amount = _numbers(table["amount"], comma)
        refuse("amount", amount.isna() & (table["amount"] != ""), number + ", or empty")
        refuse("amount", amount.abs() > LARGEST, f"up to {LARGEST:,.0f}")
        wrong = (amount * quantity < 0).fillna(False)
        refuse("amount", wrong, "the sign of the quantity")
    first = table.groupby("order")["reseller"].transform("first")
    refuse(
        "reseller",
        (first != table["reseller"]) & (table["reseller"] != ""),
        "one reseller in all rows of an order",
    )
    return found


def _typed(table: pd.DataFrame, comma: bool) -> pd.DataFrame:
    typed = table.copy()
    typed["date"] = _dates(table["date"])
    typed["quantity"] = _numbers(table["quantity"], comma)
    known = "amount" in table
    typed["amount"] = _numbers(table["amount"], comma) if known else float("nan")
    return typed.reset_index(drop=True)
