"""What every candidate generator must keep to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from recommend import RecommenderConfig
from recommend.candidates import (
    BestsellerGenerator,
    CandidateGenerator,
    OwnGenerator,
    ResellerNeighbourGenerator,
    TogetherGenerator,
)
from recommend.dataset import Dataset
from recommend.evidence import Block, Evidence
from recommend.history import History

COUNT = 4


def make_evidence(orders: pd.DataFrame) -> Evidence:
    data = Dataset.from_frames(orders)
    history = History(data.purchases, data.n_resellers, data.n_products, data.as_of)
    return Evidence(history, RecommenderConfig())


@pytest.fixture(scope="module")
def evidence(orders: pd.DataFrame) -> Evidence:
    return make_evidence(orders)


@pytest.fixture(scope="module")
def block(evidence: Evidence) -> Block:
    return evidence.block(np.arange(evidence.history.n_resellers))


class CandidateContract:
    """Inherit and name the generator; `own` tells which products it may mark."""

    generator: type[CandidateGenerator]
    own = False

    def make(self, evidence: Evidence, count: int = COUNT) -> CandidateGenerator:
        return self.generator(count=count).fit(evidence)

    def test_at_most_count_a_row(self, evidence: Evidence, block: Block) -> None:
        marked = self.make(evidence).generate(block, block.pairs >= -1)
        assert marked.shape == block.pairs.shape
        assert marked.dtype == bool
        assert marked.sum(axis=1).max() <= COUNT
        assert marked.any()

    def test_only_its_kind(self, evidence: Evidence, block: Block) -> None:
        marked = self.make(evidence).generate(block, block.pairs >= -1)
        assert ((block.pairs[marked] >= 0) == self.own).all()

    def test_nothing_forbidden(self, evidence: Evidence, block: Block) -> None:
        allowed = np.zeros(block.pairs.shape, dtype=bool)
        allowed[:, ::2] = True
        marked = self.make(evidence).generate(block, allowed)
        assert marked.any()
        assert not (marked & ~allowed).any()

    def test_empty_when_nothing_is_allowed(
        self, evidence: Evidence, block: Block
    ) -> None:
        allowed = np.zeros(block.pairs.shape, dtype=bool)
        assert not self.make(evidence).generate(block, allowed).any()

    def test_empty_when_count_is_zero(self, evidence: Evidence, block: Block) -> None:
        marked = self.make(evidence, 0).generate(block, block.pairs >= -1)
        assert not marked.any()

    def test_same_when_asked_twice(self, evidence: Evidence, block: Block) -> None:
        first = self.make(evidence).generate(block, block.pairs >= -1)
        again = self.make(evidence).generate(block, block.pairs >= -1)
        np.testing.assert_array_equal(first, again)

    def test_same_in_smaller_blocks(self, evidence: Evidence, block: Block) -> None:
        whole = self.make(evidence).generate(block, block.pairs >= -1)
        part = evidence.block(np.array([3, 17]))
        marked = self.make(evidence).generate(part, part.pairs >= -1)
        np.testing.assert_array_equal(marked, whole[[3, 17]])

    def test_empty_when_no_reseller(self, evidence: Evidence) -> None:
        none = evidence.block(np.empty(0, dtype=np.int64))
        marked = self.make(evidence).generate(none, none.pairs >= -1)
        assert marked.shape == (0, evidence.history.n_products)


class TestOwnGenerator(CandidateContract):
    generator = OwnGenerator
    own = True


class TestResellerNeighbourGenerator(CandidateContract):
    generator = ResellerNeighbourGenerator


class TestTogetherGenerator(CandidateContract):
    generator = TogetherGenerator


class TestBestsellerGenerator(CandidateContract):
    generator = BestsellerGenerator


def test_popular_product_wins_when_scores_tie(evidence: Evidence, block: Block) -> None:
    scores = np.ones(block.pairs.shape, dtype=np.float32)
    marked = OwnGenerator(count=3).fit(evidence)._best(scores, block.pairs >= -1)
    best = set(evidence.history.popularity_order[:3])
    assert set(np.flatnonzero(marked[0])) == best
