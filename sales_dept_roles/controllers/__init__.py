from . import quote_signoff_portal, register
