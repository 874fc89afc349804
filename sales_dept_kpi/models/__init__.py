# The layers, lowest first: a package knows those above it in this list, and extends what they define.
from . import kpi
from . import kpi_sources

from . import job_card
from . import dashboard
