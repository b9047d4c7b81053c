from . import (
    base_partner_merge,
    prm_product_offer,
    prm_product_offer_target,
    prm_quotation_result,
    prm_recommendation_control_report,
    prm_relationship_find,
    prm_relationship_find_line,
    prm_relationship_state,
)
