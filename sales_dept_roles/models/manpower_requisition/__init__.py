from . import sales_manpower_requisition
from . import hr_job
