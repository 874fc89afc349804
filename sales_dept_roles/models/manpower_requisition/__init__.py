from . import sales_manpower_requisition
from . import sales_manpower_requisition_glance
from . import sales_manpower_requisition_places
from . import hr_job
from . import hr_applicant
from . import hr_employee
