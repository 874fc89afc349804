from . import sales_agreement
from . import sales_agreement_state
from . import sales_agreement_course
from . import sales_agreement_register
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
