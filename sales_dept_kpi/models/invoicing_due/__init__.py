from . import res_company
from . import res_config_settings
from . import sales_invoicing_due
from . import sales_invoicing_due_register
from . import sale_order
