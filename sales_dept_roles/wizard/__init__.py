from . import agreement_terminate, approval_decide
