from . import (
    delivery_notice_reason,
    delivery_notice_sign,
    delivery_notice_sign_line,
    milestone_tick,
    waybill_import,
    waybill_scan_batch,
)
