from . import test_delivery_notice, test_delivery_notice_gate, test_logistics_installed
