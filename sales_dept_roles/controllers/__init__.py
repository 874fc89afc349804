from . import agreement_register, quote_signoff_portal, quote_signoff_register
