from . import (
    delivery_notice_reason,
    delivery_notice_sign,
    delivery_notice_sign_line,
    milestone_tick,
    rate_calculator,
    rate_matrix,
    rate_what_if,
    rate_what_if_line,
    waybill_import,
    waybill_scan_batch,
)
