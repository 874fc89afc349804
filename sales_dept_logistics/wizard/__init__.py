from . import waybill_import
from . import waybill_scan_batch
