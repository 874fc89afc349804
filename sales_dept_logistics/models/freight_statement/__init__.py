from . import freight_statement
from . import freight_statement_row
from . import freight_statement_line
