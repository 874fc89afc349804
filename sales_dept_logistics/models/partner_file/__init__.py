from . import ir_attachment
from . import sales_dept_partner_file
