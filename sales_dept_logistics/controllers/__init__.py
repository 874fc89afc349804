from . import delivery_notice_portal, freight_statement_upload, rate_matrix, waybill_template
