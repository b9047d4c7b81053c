from . import (
    access,
    assortment,
    at_hand,
    dealings,
    offer_candidates,
    offer_reasons,
    offer_rows,
    offers,
    pricelist,
    quotation,
    state,
    territory,
)
