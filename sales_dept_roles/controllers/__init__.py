from . import quote_signoff_portal, quote_signoff_print, register
