"""ALS: implicit-feedback matrix factorisation by the library `implicit`."""

from __future__ import annotations

import numpy as np
from recommend.history import History

from ..lines import Floats, Ints
from .base import Peer


class Als(Peer):
    """Alternating least squares on counts (Hu, Koren, Volinsky: ICDM 2008)."""

    name = "ALS (implicit)"

    def __init__(
        self,
        *,
        factors: int = 64,
        regularization: float = 10.0,
        alpha: float = 1.0,
        iterations: int = 15,
    ) -> None:
        self.factors = factors
        self.regularization = regularization
        self.alpha = alpha
        self.iterations = iterations

    def learn(self, history: History) -> None:
        """Factorise resellers by products."""
        from implicit.als import AlternatingLeastSquares

        model = AlternatingLeastSquares(
            factors=self.factors,
            regularization=self.regularization,
            alpha=self.alpha,
            iterations=self.iterations,
            num_threads=1,
            random_state=1,
            use_gpu=False,
        )
        model.fit(history.matrix(history.pair_count), show_progress=False)
        self.users_ = np.asarray(model.user_factors, dtype=np.float32)
        self.items_ = np.asarray(model.item_factors, dtype=np.float32)

    def scores(self, resellers: Ints) -> Floats:
        """Multiply the factors."""
        scores: Floats = self.users_[resellers] @ self.items_.T
        return scores
