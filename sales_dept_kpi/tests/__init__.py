from . import test_daily_progress, test_erp_upkeep
