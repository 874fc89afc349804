from . import satisfaction_stop, target_sheet
from . import customer_statement_portal, target_sheet
from . import target_sheet, tax_invoice_portal
