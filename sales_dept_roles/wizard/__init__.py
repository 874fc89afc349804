from . import approval_decide, rush_request_dates
