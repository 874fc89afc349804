from . import kpi_difference, kpi_difference_line, kpi_reopen
from . import sales_target_divide
from . import sales_target_load
from . import sales_target_revise
