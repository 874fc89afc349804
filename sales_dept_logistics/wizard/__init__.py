from . import delivery_notice_reason, delivery_notice_sign, waybill_import, waybill_scan_batch
