from . import agreement_terminate, approval_decide, rush_request_dates
