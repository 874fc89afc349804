from . import test_logistics_installed
