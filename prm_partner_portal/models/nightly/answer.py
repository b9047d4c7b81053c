"""The calculation's answer is checked before anything of it is published."""

import csv
import hashlib
import json
import math
from contextlib import contextmanager
from datetime import date, timedelta

import psycopg2

from ..const import KINDS

HEADER = [
    "reseller",
    "product",
    "rank",
    "score",
    "probability",
    "kind",
    "quantity",
    "due_date",
    "reasons",
]
KIND_CODES = {code for code, _label in KINDS}
REASON_CODES = {
    *("rhythm", "usual", "forgotten", "similar", "together", "popular", "alike"),
}
RESULT = "result.json"
ANSWER = "recommendations.csv"
LARGEST = 1e9
DUE_DAYS = 3660


class RunError(Exception):
    """Why a run failed: a code that becomes a sentence when it is read.

    :param str code: one of prm.recommendation.run's error sentences
    :param str detail: for who administrates the server
    :param params: of the sentence
    """

    def __init__(self, code, detail="", **params):
        self.code, self.detail, self.params = code, detail, params
        super().__init__(f"{code} {params} {detail}".strip())


def hash_file(path):
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(2**20), b""):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def file_beside_answer(path, said):
    """A file that an answer speaks of, to be loaded inside.

    :param Path path:
    :param dict said: what the answer says of it
    :raise RunError: when it is another file, or what is in it cannot be loaded
    """
    try:
        if hash_file(path) != said["sha256"]:
            raise RunError("answer", f"{path.name}: the check sum does not match")
        yield
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise RunError("answer", f"{path.name}: {error!r}") from error
    except (psycopg2.DataError, psycopg2.IntegrityError) as error:
        raise RunError("answer", f"{path.name}: {error}") from error


def read_ids(path, expected):
    """:return: the ids in the first column of a file that must be as it was written"""
    try:
        if hash_file(path) != expected:
            raise RunError("answer", f"{path.name} was changed")
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            next(rows)
            return {int(row[0]) for row in rows}
    except OSError as error:
        raise RunError("answer", str(error)) from error


def read_result(folder):
    """Read how the calculation says that it went.

    :raise RunError: when there is none, when it is not understood, or says failure
    """
    try:
        result = json.loads(
            (folder / RESULT).read_text("utf-8"), parse_constant=_refuse_constant
        )
    except FileNotFoundError as error:
        raise RunError("no_answer") from error
    except (OSError, ValueError) as error:
        raise RunError("answer", f"{RESULT}: {error}") from error
    if not isinstance(result, dict):
        raise RunError("answer", f"{RESULT} is no object")
    if result.get("status") != "ok":
        message = str(result.get("error", ""))[:1000]
        name = str(result.get("class", ""))
        if name == "OSError":  # what it reads has errors of their own
            raise RunError("storage", message, folder=str(folder.parent))
        code = "memory" if name.endswith("MemoryError") else "refused"
        raise RunError(code, name, message=message)
    return result


def _refuse_constant(name):
    raise ValueError(f"{name} is no number")


def check_answer(folder, result, resellers, products, as_of, checked=None):
    """Check every row of the answer and that it is the whole answer.

    :param Path folder: of the run
    :param dict result: what the calculation says about it
    :param set resellers: ids that were handed over
    :param set products: ids that may be offered
    :param date as_of: last day that was known
    :param str checked: check sum of an answer whose rows are known to be right
    :raise RunError: at the first thing that is not right
    """
    path = folder / ANSWER
    try:
        if hash_file(path) != result.get("sha256"):
            raise RunError("answer", f"{ANSWER}: the check sum does not match")
        if result.get("as_of") != as_of.isoformat():
            raise RunError("answer", f"as_of is {result.get('as_of')!r}, not {as_of}")
        if result["sha256"] == checked:
            return
        with path.open(newline="", encoding="utf-8") as file:
            rows = _check_rows(csv.reader(file), _Checks(resellers, products, as_of))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RunError("answer", f"{ANSWER}: {error}") from error
    if rows != result.get("rows"):
        found = f"{rows} rows, not {result.get('rows')!r}"
        raise RunError("answer", f"{ANSWER}: {found}")


def _check_rows(reader, checks):
    """:return: number of rows, all of which are right"""
    if next(reader, None) != HEADER:
        raise RunError("answer", f"{ANSWER}: the columns are not {HEADER}")
    rows = 0
    seen = set()
    for row in reader:
        rows += 1
        seen.add(checks.check_row(rows, row))
    if len(seen) != rows:
        raise RunError("answer", f"{ANSWER}: a product twice for one reseller")
    return rows


_decode = json.JSONDecoder(parse_constant=_refuse_constant).decode


class _Checks:
    """What is allowed in each column."""

    def __init__(self, resellers, products, as_of):
        self.resellers, self.products = resellers, products
        self.first = as_of - timedelta(days=DUE_DAYS)
        self.last = as_of + timedelta(days=DUE_DAYS)
        self.columns = {
            "reseller": lambda text: int(text) in self.resellers,
            "product": lambda text: int(text) in self.products,
            "rank": lambda text: 1 <= int(text) <= 1000,
            "score": lambda text: math.isfinite(float(text)),
            "probability": lambda text: 0 <= float(text) <= 1,
            "kind": KIND_CODES.__contains__,
            "quantity": lambda text: 0 < float(text) <= LARGEST,
            "due_date": self.is_due_date,
            "reasons": self.are_reasons,
        }

    def check_row(self, number, row):
        """:return: the pair of ids of a row that is right in every column"""
        if len(row) != len(HEADER):
            raise RunError("row", row=number, column="", found=str(row)[:100])
        for name, text in zip(HEADER, row, strict=True):
            try:
                right = self.columns[name](text)
            except (ValueError, TypeError, AttributeError, RecursionError):
                right = False
            if not right:
                raise RunError("row", row=number, column=name, found=text[:100])
        return int(row[0]), int(row[1])

    def is_due_date(self, text):
        return not text or self.first <= date.fromisoformat(text) <= self.last

    def are_reasons(self, text):
        reasons = _decode(text)
        return (
            isinstance(reasons, list)
            and len(reasons) <= 20
            and "\\u0000" not in text
            and all(
                reason["code"] in REASON_CODES
                and math.isfinite(reason["weight"])
                and isinstance(reason["params"], dict)
                for reason in reasons
            )
        )
