from . import quote_signoff_portal, quote_signoff_register, rush_request_register
