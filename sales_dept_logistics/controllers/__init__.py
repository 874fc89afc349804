from . import delivery_notice_portal, rate_matrix, waybill_template
