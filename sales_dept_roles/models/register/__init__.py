from . import sales_dept_register_mixin
