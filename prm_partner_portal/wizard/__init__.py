from . import (
    base_partner_merge,
    prm_recommendation_control_report,
    prm_relationship_state,
)
