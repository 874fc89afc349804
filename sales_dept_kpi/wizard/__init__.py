from . import kpi_difference, kpi_difference_line, kpi_reopen
from . import sales_monthly_report_make
from . import sales_appraisal_make
from . import sales_appraisal_comment
