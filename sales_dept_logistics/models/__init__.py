# The layers, lowest first: a package knows those above it in this list, and extends what they define.
from . import partner_file
from . import delivery_notice
from . import milestone
from . import order_exception
from . import carrier
from . import waybill
from . import rate_card
from . import freight_statement
from . import freight_statement_file
from . import freight_accrual
from . import stock_ageing
from . import today
