# The layers, lowest first: a package knows those above it in this list, and extends what they define.
from . import clock
from . import protected_results
from . import register
from . import approval
from . import order_dates
from . import quote_signoff
from . import order_gate
from . import customer_file
from . import agreement
from . import order_review
from . import rush_request
from . import job_card
from . import department_leave
from . import manpower_requisition
from . import assignment
from . import policy
from . import meeting
