"""Names of the columns that go in and come out."""

from __future__ import annotations

__all__ = ["Columns"]


class Columns:
    """Fixed column names of every table the library reads or answers with.

    Examples
    --------
    >>> Columns.ORDERS
    ('reseller', 'product', 'order', 'date', 'quantity')
    """

    RESELLER = "reseller"
    PRODUCT = "product"
    ORDER = "order"
    DATE = "date"
    QUANTITY = "quantity"
    AMOUNT = "amount"
    """What the line was sold for; optional."""

    TIER = "tier"
    COUNTRY = "country"
    TERRITORY = "territory"
    SEGMENT = "segment"
    """Assortment a reseller belongs to; see the ``allowed`` table."""

    NAME = "name"
    CATEGORY = "category"
    """With the price, what tells which sold products a new one is like."""
    ARTICLE = "article"
    """What a product is a variant of: no list offers many new variants of one."""
    PACK = "pack"
    SALES_PACK = "sales_pack"
    """Another name for ``pack``, read when ``pack`` is missing."""
    MIN_QUANTITY = "min_quantity"
    PRICE = "price"
    """What a unit sells for; for lists ordered by turnover."""
    MARGIN = "margin"
    """What of it is earned; for lists ordered by margin."""
    AVAILABLE = "available"
    """False or 0: the product is never listed; empty means true."""

    RANK = "rank"
    SCORE = "score"
    PROBABILITY = "probability"
    KIND = "kind"
    DUE_DATE = "due_date"
    REASONS = "reasons"
    ARM = "arm"
    """Of an experiment: ``shown`` or ``withheld``."""

    COMPLEMENT = "complement"
    RESELLERS = "resellers"
    ORDER_COUNT = "orders"
    LIFT = "lift"

    ORDERS = (RESELLER, PRODUCT, ORDER, DATE, QUANTITY)
    """Columns that the orders table must have."""

    ANSWER = (
        RESELLER,
        PRODUCT,
        RANK,
        SCORE,
        PROBABILITY,
        KIND,
        QUANTITY,
        DUE_DATE,
        REASONS,
    )
    """Columns of the answer, in this order."""

    COMPLEMENTS = (PRODUCT, COMPLEMENT, RESELLERS, ORDER_COUNT, LIFT, SCORE)
    """Columns of what goes with what, in this order."""
