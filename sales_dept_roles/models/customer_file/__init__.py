from . import sales_customer_file_item
from . import res_partner_paper
from . import ir_rule
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_partner_glance
from . import sale_order
