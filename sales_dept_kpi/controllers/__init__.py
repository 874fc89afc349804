from . import customer_statement_portal, target_sheet
