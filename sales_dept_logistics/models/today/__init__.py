from . import sales_dept_today
