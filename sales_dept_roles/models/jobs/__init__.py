from . import ir_sequence
from . import sales_dept_job
from . import sales_dept_job_log
