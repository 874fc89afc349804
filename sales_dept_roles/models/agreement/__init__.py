from . import sales_agreement
from . import ir_attachment
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
