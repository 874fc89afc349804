from . import (
    test_delivery_notice,
    test_delivery_notice_gate,
    test_delivery_notice_neighbours,
    test_delivery_notice_portal,
    test_logistics_installed,
    test_right_matrix,
    test_right_matrix_waybill,
    test_waybill,
    test_waybill_import,
    test_waybill_month,
    test_waybill_numbers,
    test_waybill_papers,
)
