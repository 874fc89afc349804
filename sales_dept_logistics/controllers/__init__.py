from . import waybill_template
