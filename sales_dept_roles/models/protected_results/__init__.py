from . import ir_attachment
from . import sales_dept_protected_mixin
