from . import (
    kpi_difference,
    kpi_difference_line,
    kpi_reopen,
    sales_appraisal_comment,
    sales_appraisal_make,
    sales_invoice_hand_over,
    sales_monthly_report_make,
    sales_target_divide,
    sales_target_load,
    sales_target_revise,
)
