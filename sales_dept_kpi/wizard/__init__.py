from . import sales_target_divide
from . import sales_target_load
from . import sales_target_revise
