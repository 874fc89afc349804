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
from . import test_right_matrix_target
from . import test_target, test_target_kpi, test_target_report, test_target_sheet, test_target_tour
