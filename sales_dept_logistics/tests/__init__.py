from . import (
    test_delivery_notice,
    test_delivery_notice_gate,
    test_delivery_notice_neighbours,
    test_delivery_notice_portal,
    test_logistics_installed,
    test_right_matrix,
)
