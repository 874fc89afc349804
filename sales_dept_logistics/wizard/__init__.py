from . import delivery_notice_reason, delivery_notice_sign
