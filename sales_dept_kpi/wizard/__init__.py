from . import kpi_difference, kpi_difference_line, kpi_reopen
