from . import (
    test_dashboard,
    test_dashboard_tour,
    test_job_card,
    test_kpi,
    test_kpi_measure,
    test_kpi_on_screen,
    test_kpi_random,
    test_kpi_source_collection,
    test_kpi_source_invoicing,
    test_kpi_sources,
    test_kpi_tour,
    test_right_matrix,
)
