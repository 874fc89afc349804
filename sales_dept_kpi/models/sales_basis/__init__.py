from . import res_company
from . import res_config_settings
from . import account_move
from . import stock_move
from . import sales_basis
from . import sales_credit_split
from . import sale_order
