from . import base_partner_merge, prm_relationship_state
