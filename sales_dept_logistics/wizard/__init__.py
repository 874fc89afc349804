from . import (
    delivery_notice_reason,
    delivery_notice_sign,
    delivery_notice_sign_line,
    milestone_tick,
    rate_matrix,
    waybill_import,
    waybill_scan_batch,
)
