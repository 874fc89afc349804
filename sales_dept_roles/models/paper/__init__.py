from . import ir_actions_report
from . import res_company
from . import sales_controlled_form
