from . import customer_statement_portal
from . import target_sheet
