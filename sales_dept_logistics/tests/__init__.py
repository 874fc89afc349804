from . import test_logistics_installed
from . import test_waybill
