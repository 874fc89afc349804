from . import sales_kpi_figure_mixin
from . import sales_kpi_result
from . import sales_kpi
from . import sales_kpi_source
from . import sales_dept_duty
