from . import sales_dept_partner_file
