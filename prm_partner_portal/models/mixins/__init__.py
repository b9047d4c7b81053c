from . import (
    access,
    assortment,
    at_hand,
    dealings,
    landing,
    offer_candidates,
    offer_reasons,
    offer_rows,
    offers,
    pricelist,
    state,
    territory,
)
