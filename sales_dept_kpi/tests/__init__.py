from . import (
    test_kpi,
    test_kpi_measure,
    test_kpi_on_screen,
    test_kpi_random,
    test_kpi_source_collection,
    test_kpi_source_invoicing,
    test_kpi_sources,
)
from . import test_monthly_report
from . import test_monthly_report_sections
from . import test_monthly_report_telling
from . import test_monthly_report_department
from . import test_monthly_report_rights
from . import test_appraisal_scores
from . import test_appraisal
from . import test_appraisal_privacy
from . import test_monthly_report_tour
from . import test_right_matrix_report
