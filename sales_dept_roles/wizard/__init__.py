from . import approval_decide, assignment_answer, assignment_give
