from . import mail_activity
from . import sales_dept_telling
