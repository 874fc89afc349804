from . import sales_policy
from . import sales_policy_reading
from . import sales_policy_receipt
