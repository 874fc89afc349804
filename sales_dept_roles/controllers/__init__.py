from . import customer_issue_portal, quote_signoff_portal, quote_signoff_print, register
