from . import sales_dept_version_mixin
