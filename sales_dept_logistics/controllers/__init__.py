from . import delivery_notice_portal
