from . import approval_decide
