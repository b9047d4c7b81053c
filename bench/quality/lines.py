"""Lists of any method in the form that the judge reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

import numpy as np
import numpy.typing as npt
import pandas as pd
from recommend.dataset import Dataset
from recommend.lists import Listed

WANTED = {"all": 20, "reorder": 20, "discover": 20}

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]


def make_listed(**columns: npt.NDArray) -> Listed:
    """Build lines of lists; what is not given is 0."""
    size = len(columns["reseller"])
    none = np.zeros(size, dtype=np.int64)
    given = {field.name: columns.get(field.name, none) for field in fields(Listed)}
    return Listed(**given)


def best_lines(
    scores: Floats, old: Mask, rank: Ints, wanted: Mapping[str, int]
) -> dict[str, tuple[Ints, Ints, Ints]]:
    """Return row, product and rank of the best cells of each row, by purpose.

    Parameters
    ----------
    scores
        Rows by products; minus infinity is never listed.
    old
        Cells bought before.
    rank
        Place of each product by popularity: equal scores fall to the popular one.
    wanted
        Length of the lists by purpose.
    """
    popular = np.argsort(rank)
    order = popular[np.argsort(-scores[:, popular], axis=1, kind="stable")]
    rows = np.arange(len(scores))[:, None]
    can = np.isfinite(scores)[rows, order]
    bought = old[rows, order]
    masks = {"all": can, "reorder": can & bought, "discover": can & ~bought}
    found = {}
    for purpose, length in wanted.items():
        place = np.cumsum(masks[purpose], axis=1)
        row, column = np.nonzero(masks[purpose] & (place <= length))
        found[purpose] = row, order[row, column], place[row, column].astype(np.int64)
    return found


def from_frame(
    frame: pd.DataFrame, dataset: Dataset, purposes: Iterable[str], purpose: str
) -> Listed:
    """Turn an answer of the engine into lines, in the codes of a dataset."""
    place = list(purposes).index(purpose)
    return make_listed(
        reseller=codes_of(frame["reseller"], dataset.reseller_ids),
        product=codes_of(frame["product"], dataset.product_ids),
        rank=frame["rank"].to_numpy(dtype=np.int64),
        probability=frame["score"].to_numpy(dtype=np.float64),
        pair=np.where(frame["kind"].to_numpy() == "new", -1, 0),
        purpose=np.full(len(frame), place, dtype=np.int64),
    )


def codes_of(column: pd.Series | npt.NDArray, ids: npt.NDArray) -> Ints:
    """Return the place of each value among ids, -1 where it is not one."""
    places = pd.Series(np.arange(len(ids)), index=pd.Index(list(ids)))
    found = pd.Series(np.asarray(column, dtype=object)).map(places)
    return found.fillna(-1).to_numpy(dtype=np.int64)
