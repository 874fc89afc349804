from . import account_payment_term
from . import account_payment_term_line
from . import account_move
