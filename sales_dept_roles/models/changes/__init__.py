from . import sales_dept_changes_mixin
