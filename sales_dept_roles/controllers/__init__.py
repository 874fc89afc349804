from . import customer_issue_portal, portal_link, quote_signoff_portal, quote_signoff_print, register
