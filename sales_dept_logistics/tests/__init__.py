from . import test_delivery_notice
from . import test_delivery_notice_gate
from . import test_delivery_notice_neighbours
from . import test_delivery_notice_portal
from . import test_logistics_installed
from . import test_right_matrix
