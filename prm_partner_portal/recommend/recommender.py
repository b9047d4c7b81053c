"""The estimator: orders in, lists with reasons out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from .assortment import Assortment
from .cold import ColdRanker
from .columns import Columns
from .config import RecommenderConfig
from .dataset import Dataset
from .errors import NotFittedError, UnknownResellerError
from .evidence import Evidence
from .lists import Listed, ListMaker, check_wanted
from .quantity import UsualQuantity
from .reasons import Explainer
from .rhythm import NO_DAY
from .training import Trainer

__all__ = ["Recommender"]

_Reasons = list[dict[str, Any]]


class Recommender:
    """Tells what each reseller will probably buy next, and why.

    Parameters
    ----------
    config
        Settings; the defaults when None.

    Attributes
    ----------
    dataset_
        The checked input.
    model_
        What was learnt from past windows.
    gate_
        Mean nDCG@10 of each way to rank on the windows that it was chosen by.

    Examples
    --------
    >>> import pandas as pd
    >>> orders = pd.DataFrame({
    ...     "reseller": [1, 1, 2], "product": ["tea", "tea", "milk"],
    ...     "order": [1, 2, 3], "quantity": [6, 6, 1],
    ...     "date": ["2024-01-01", "2024-01-15", "2024-01-20"]})
    >>> model = Recommender().fit(orders)
    >>> answer = model.recommend([1], k=2)
    >>> answer[["product", "kind", "quantity"]].values.tolist()
    [['tea', 'due', 6.0], ['milk', 'new', 1.0]]
    """

    def __init__(self, config: RecommenderConfig | None = None) -> None:
        self.config = config

    def fit(
        self,
        orders: pd.DataFrame,
        products: pd.DataFrame | None = None,
        resellers: pd.DataFrame | None = None,
        as_of: object | None = None,
    ) -> Recommender:
        """Learn from the order lines up to a day.

        Parameters
        ----------
        orders
            One row a line: `reseller`, `product`, `order`, `date`, `quantity`.
            Lines of zero or less are dropped and counted.
        products
            `product` and, if known, `pack` (or `sales_pack`), `min_quantity`,
            `available`. When given, only products in it are ever listed.
        resellers
            `reseller` and, if known, `tier`, `country`, `territory`, `segment`.
            Resellers without orders get lists too.
        as_of
            The day that counts as today, the last in `orders` when None; nothing
            after it has any influence.

        Raises
        ------
        RecommendError
            Names the table, the column, the row, what was found and is allowed.
        """
        dataset = Dataset.from_frames(orders, products, resellers, as_of)
        return self.fit_dataset(dataset)

    def fit_dataset(
        self, dataset: Dataset, trainer: Trainer | None = None
    ) -> Recommender:
        """Learn from a checked dataset, sharing a trainer's past windows."""
        config = self.config or RecommenderConfig()
        trainer = trainer or Trainer(dataset, config)
        self.dataset_ = dataset
        method, self.gate_ = trainer.gate(dataset.as_of)
        self.model_ = trainer.model(dataset.as_of, method)
        self.evidence_: Evidence = trainer.evidence(dataset.as_of)
        trainer.forget()
        history = self.evidence_.history
        cold = ColdRanker(horizon=config.horizon_days)
        self.cold_ = cold.fit(history, dataset.peers, dataset.newcomers)
        quantity = UsualQuantity(last_orders=config.quantity_orders)
        new = dataset.newcomers
        self.quantity_ = quantity.fit(history, dataset.catalogue, new)
        return self

    def recommend(
        self,
        resellers: Iterable[Any] | None = None,
        k: int = 20,
        purpose: str = "all",
        exclude: pd.DataFrame | None = None,
        allowed: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """List the most likely products of each reseller.

        Parameters
        ----------
        resellers
            Ids; everyone known when None.
        k
            Most lines a reseller.
        purpose
            ``reorder`` lists products bought before, ``discover`` those never
            bought, ``all`` both.
        exclude
            Pairs (`reseller`, `product`) that are never listed.
        allowed
            Pairs (`segment`, `product`); a reseller whose segment stands in it
            gets only these products.

        Returns
        -------
        DataFrame
            See :attr:`Columns.ANSWER`. `score` is comparable over kinds and
            resellers: the unrounded probability of a purchase in the horizon.
            `due_date` may lie in the past (overdue); it is empty for products
            bought fewer than two times.
        """
        return self.recommend_lists({purpose: k}, resellers, exclude, allowed)

    def recommend_lists(
        self,
        wanted: Mapping[str, int],
        resellers: Iterable[Any] | None = None,
        exclude: pd.DataFrame | None = None,
        allowed: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Make several lists in one go; `wanted` is the length by purpose."""
        if not hasattr(self, "model_"):
            raise NotFittedError(type(self).__name__)
        check_wanted(wanted)
        assortment = Assortment.from_frames(self.dataset_, exclude, allowed)
        return self.make(wanted, assortment, resellers)

    def make(
        self,
        wanted: Mapping[str, int],
        assortment: Assortment,
        resellers: Iterable[Any] | None = None,
        choose: Callable[[Listed], Listed] = lambda listed: listed,
    ) -> pd.DataFrame:
        """Do as :meth:`recommend_lists` with tables that were read before.

        `choose` gets the lists of a few resellers and gives those to answer with.
        """
        lists: list[Listed] = []
        reasons: list[_Reasons] = []
        codes = self._codes(resellers)
        for listed, why in self._explained(wanted, assortment, codes, choose):
            lists.append(listed)
            reasons.extend(why)
        return self._frame(Listed.joined(lists), reasons)

    def parts(
        self,
        wanted: Mapping[str, int],
        assortment: Assortment,
        choose: Callable[[Listed], Listed] = lambda listed: listed,
    ) -> Iterator[pd.DataFrame]:
        """Yield the rows of :meth:`make` for all resellers, a few at a time.

        The reasons of a large company's lists, kept together, take gigabytes.
        """
        codes = self._codes(None)
        yield self._frame(Listed.joined([]), [])
        for listed, why in self._explained(wanted, assortment, codes, choose):
            yield self._frame(listed, why)

    def _explained(
        self,
        wanted: Mapping[str, int],
        assortment: Assortment,
        codes: npt.NDArray[np.int64],
        choose: Callable[[Listed], Listed],
    ) -> Iterator[tuple[Listed, list[_Reasons]]]:
        articles = self.dataset_.catalogue.article
        fitted = self.evidence_, self.model_, self.cold_
        maker = ListMaker(*fitted, assortment, articles)
        explainer = Explainer(self.evidence_, self.model_, self.dataset_.product_ids)
        for block, listed in maker.blocks(codes, wanted):
            listed = choose(listed)
            yield listed, explainer.explain(block, listed)

    def _codes(self, resellers: Iterable[Any] | None) -> npt.NDArray[np.int64]:
        if resellers is None:
            return np.arange(self.dataset_.n_resellers)
        known = {value: code for code, value in enumerate(self.dataset_.reseller_ids)}
        codes = []
        for value in dict.fromkeys(resellers):
            if value not in known:
                raise UnknownResellerError(value)
            codes.append(known[value])
        return np.array(codes, dtype=np.int64)

    def _frame(self, listed: Listed, reasons: list[_Reasons]) -> pd.DataFrame:
        data = self.dataset_
        explained = pd.Series(reasons, dtype=object)
        frame = pd.DataFrame(
            {
                Columns.RESELLER: _ids(data.reseller_ids, listed.reseller),
                Columns.PRODUCT: _ids(data.product_ids, listed.product),
                Columns.RANK: listed.rank,
                Columns.SCORE: listed.probability,
                Columns.PROBABILITY: np.round(listed.probability, 4),
                Columns.KIND: self._kinds(listed),
                Columns.QUANTITY: self.quantity_.predict(
                    listed.reseller, listed.product, listed.pair
                ),
                Columns.DUE_DATE: self._due_dates(listed),
                Columns.REASONS: explained,
            },
            columns=list(Columns.ANSWER),
        )
        old = listed.pair >= 0
        order = np.lexsort((listed.rank, ~old, listed.reseller))
        return frame.iloc[order].reset_index(drop=True)

    def _kinds(self, listed: Listed) -> npt.NDArray[np.object_]:
        kinds = np.full(len(listed.pair), "new", dtype=object)
        old = listed.pair >= 0
        ratio = self.evidence_.rhythm.ratio[listed.pair[old]]
        late = ratio > self.evidence_.config.forgotten_ratio
        kinds[old] = np.where(late, "forgotten", "due")
        return kinds

    def _due_dates(self, listed: Listed) -> npt.NDArray[np.datetime64]:
        days = np.full(len(listed.pair), NO_DAY, dtype=np.int64)
        old = listed.pair >= 0
        days[old] = self.evidence_.rhythm.due(listed.pair[old])
        return days.astype("datetime64[D]").astype("datetime64[s]")


def _ids(ids: npt.NDArray[np.object_], codes: npt.NDArray[np.int64]) -> pd.Series:
    values = np.empty(len(codes), dtype=object)
    values[:] = ids[codes]
    return pd.Series(values, dtype=object).infer_objects()
