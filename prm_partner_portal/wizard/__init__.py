from . import prm_relationship_state
