from . import ir_rule
from . import res_users
from . import sales_dept_shared_mixin
