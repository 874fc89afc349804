from . import (
    delivery_notice_reason,
    delivery_notice_sign,
    delivery_notice_sign_line,
    freight_dispute_answer,
    freight_statement_exclude,
    freight_statement_match,
    freight_statement_match_candidate,
    milestone_tick,
    rate_matrix,
    waybill_import,
    waybill_scan_batch,
)
