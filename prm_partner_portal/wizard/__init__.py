from . import (
    base_partner_merge,
    prm_recommendation_control_report,
    prm_relationship_find,
    prm_relationship_find_line,
    prm_relationship_state,
)
