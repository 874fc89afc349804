from . import delivery_notice_portal, waybill_template
