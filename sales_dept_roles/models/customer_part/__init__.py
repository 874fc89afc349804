from . import sales_customer_part
from . import sale_order_line
from . import sale_order
