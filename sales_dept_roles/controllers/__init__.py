from . import order_review_register, quote_signoff_portal, quote_signoff_register
