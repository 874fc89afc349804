from . import mail_activity
from . import mail_activity_type
from . import sales_assignment_report
from . import res_users
from . import sales_assignment_sheet
