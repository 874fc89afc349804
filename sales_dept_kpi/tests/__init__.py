from . import test_monthly_report
from . import test_monthly_report_sections
from . import test_monthly_report_telling
from . import test_monthly_report_department
from . import test_monthly_report_rights
from . import test_appraisal_scores
from . import test_appraisal
from . import test_appraisal_privacy
