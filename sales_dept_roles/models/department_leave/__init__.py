from . import sales_approval
from . import hr_leave_generate_multi_wizard
from . import hr_employee
from . import hr_leave
from . import hr_leave_adjoining
from . import resource_calendar_leaves
from . import res_company
from . import res_config_settings
