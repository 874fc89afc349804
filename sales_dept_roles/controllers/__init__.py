from . import quote_signoff_register
