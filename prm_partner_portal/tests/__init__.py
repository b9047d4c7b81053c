from . import (
    test_assortment,
    test_order_tab_list,
    test_order_tab_rows,
    test_relationship,
    test_relationship_access,
    test_relationship_pricelist,
    test_territory,
)
