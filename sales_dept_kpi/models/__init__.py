# The layers, lowest first: a package knows those above it in this list, and extends what they define.
from . import sales_basis
from . import kpi
from . import kpi_sources
from . import target
from . import daily_progress
from . import erp_upkeep
from . import job_card
from . import dashboard
from . import monthly_report
from . import appraisal
from . import contact_class
from . import satisfaction
from . import acceptance_draft
from . import collection
from . import customer_statement
from . import tax_invoice
from . import invoicing_due
