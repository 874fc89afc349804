from . import sales_kpi_source_order_review
from . import sales_kpi_source_delivery
from . import sales_kpi_source_overstock
from . import sales_kpi_source_freight
from . import sales_kpi_source_assignment
from . import sales_kpi_source_collection
from . import sales_kpi_source_invoicing
from . import sales_kpi_source_visits
