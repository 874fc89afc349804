from . import sale_rush_request
from . import sale_rush_request_abstract
from . import sale_rush_request_affected
from . import sale_rush_request_line
from . import sale_rush_report
from . import sale_order
from . import sale_order_line
from . import stock_move
