from . import sales_dept_protected_mixin
