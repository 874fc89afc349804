from . import (
    test_logistics_installed,
    test_waybill,
    test_waybill_import,
    test_waybill_month,
    test_waybill_numbers,
    test_waybill_papers,
    test_waybill_right_matrix,
)
