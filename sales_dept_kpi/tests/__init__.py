from . import (
    test_kpi,
    test_kpi_measure,
    test_kpi_on_screen,
    test_kpi_random,
    test_kpi_source_collection,
    test_kpi_source_invoicing,
    test_kpi_sources,
)
from . import test_sales_basis, test_sales_basis_random
from . import test_daily_progress, test_erp_upkeep
from . import test_erp_upkeep_kpi
from . import test_right_matrix_daily_progress
