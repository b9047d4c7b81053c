from . import (
    test_assortment,
    test_dataset,
    test_dataset_return,
    test_health,
    test_relationship,
    test_relationship_access,
    test_relationship_pricelist,
    test_rpc_access,
    test_territory,
)
