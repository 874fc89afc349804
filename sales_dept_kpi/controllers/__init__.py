from . import target_sheet, tax_invoice_portal
