from . import test_sales_basis, test_sales_basis_random
from . import test_target, test_target_kpi, test_target_report, test_target_sheet
