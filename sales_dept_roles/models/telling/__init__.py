from . import mail_thread
from . import mail_activity
from . import sales_dept_telling
