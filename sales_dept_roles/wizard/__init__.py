from . import agreement_terminate, approval_decide, assignment_answer, assignment_give, rush_request_dates
