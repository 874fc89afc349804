from . import sales_kpi_matrix
from . import digest_digest
