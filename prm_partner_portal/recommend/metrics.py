"""How good a list was; each function works on many lists at once.

`hits` is a table of lists by ranks, true where the product was bought; `relevant`
tells how many products each reseller bought in the window.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = [
    "brier_score",
    "catalogue_coverage",
    "hit_rate",
    "ndcg",
    "precision",
    "recall",
]

_Hits = npt.NDArray[np.bool_]
_Ints = npt.NDArray[np.int64]
_Reals = npt.NDArray[np.float64]


def precision(hits: _Hits) -> _Reals:
    r"""Return the share of the k places that hold a bought product.

    .. math:: P@k = \frac{1}{k} \sum_{i=1}^{k} h_i

    Examples
    --------
    >>> precision(np.array([[True, False, True, False]])).tolist()
    [0.5]
    """
    shares: _Reals = hits.mean(axis=1)
    return shares


def recall(hits: _Hits, relevant: _Ints) -> _Reals:
    r"""Return the share of the bought products that the list holds.

    .. math:: R@k = \frac{1}{|B|} \sum_{i=1}^{k} h_i

    Examples
    --------
    >>> recall(np.array([[True, False, True, False]]), np.array([4])).tolist()
    [0.5]
    """
    shares: _Reals = hits.sum(axis=1) / np.maximum(relevant, 1)
    return shares


def hit_rate(hits: _Hits) -> _Reals:
    r"""Return 1 for lists with at least one bought product.

    .. math:: H@k = \max_{i \le k} h_i

    Examples
    --------
    >>> hit_rate(np.array([[False, True], [False, False]])).tolist()
    [1.0, 0.0]
    """
    found: _Reals = np.any(hits, axis=1).astype(np.float64)
    return found


def ndcg(hits: _Hits, relevant: _Ints) -> _Reals:
    r"""Return the discounted gain over that of the best list possible.

    .. math::
        nDCG@k = \frac{\sum_{i=1}^{k} h_i / \log_2(i + 1)}
                      {\sum_{i=1}^{\min(k, |B|)} 1 / \log_2(i + 1)}

    Examples
    --------
    >>> ndcg(np.array([[True, True, False]]), np.array([2])).tolist()
    [1.0]
    >>> ndcg(np.array([[False, False, True]]), np.array([1])).tolist()
    [0.5]
    """
    gains = 1.0 / np.log2(np.arange(hits.shape[1]) + 2.0)
    best = np.concatenate([[1.0], np.cumsum(gains)])
    best[0] = np.inf
    shares: _Reals = (hits @ gains) / best[np.minimum(relevant, hits.shape[1])]
    return shares


def catalogue_coverage(products: _Ints, size: int) -> float:
    r"""Return the share of the catalogue that any list shows.

    .. math:: C = |\bigcup_r L_r| / |P|

    Examples
    --------
    >>> catalogue_coverage(np.array([1, 1, 3]), 4)
    0.5
    """
    return len(np.unique(products)) / max(size, 1)


def brier_score(probability: _Reals, bought: _Hits) -> float:
    r"""Return the mean squared error of probabilities.

    .. math:: B = \frac{1}{n} \sum_i (p_i - y_i)^2

    Examples
    --------
    >>> brier_score(np.array([1.0, 0.5]), np.array([True, False]))
    0.125
    """
    if not len(probability):
        return float("nan")
    return float(np.mean((probability - bought) ** 2))
