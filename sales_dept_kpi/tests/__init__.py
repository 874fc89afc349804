from . import test_sales_basis, test_sales_basis_random
from . import test_daily_progress, test_erp_upkeep
