from . import sales_dept_gate_mixin
from . import payment_transaction
from . import res_company
from . import sale_order
from . import sale_order_rail
from . import sale_order_line
