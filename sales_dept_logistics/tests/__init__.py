from . import test_logistics_installed
from . import test_waybill
from . import test_waybill_import
from . import test_waybill_month
from . import test_waybill_numbers
from . import test_waybill_papers
from . import test_waybill_right_matrix
