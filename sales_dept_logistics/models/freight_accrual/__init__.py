from . import freight_accrual
from . import freight_accrual_line
from . import freight_accrual_booking
from . import res_company
from . import res_config_settings
