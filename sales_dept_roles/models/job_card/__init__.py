from . import sales_dept_job_card_mixin
from . import sales_dept_work_link_mixin
from . import sales_dept_duty
from . import sales_dept_duty_link
from . import sales_dept_role
from . import ir_http
from . import res_config_settings
from . import sale_order
