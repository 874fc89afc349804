from . import customer_statement_portal, satisfaction_stop, target_sheet, tax_invoice_portal
