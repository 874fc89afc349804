from . import waybill_import, waybill_scan_batch
