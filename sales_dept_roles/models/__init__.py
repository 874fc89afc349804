# A class extends those imported before it, so what others build on comes first.
from . import (
    approval,
    approval_decision,
    approval_delegation,
    approval_flow,
    approval_flow_step,
    approval_mixin,
    approval_task,
    res_company,
    res_users,
    resource_calendar,
    resource_calendar_attendance,
    resource_calendar_leaves,
    resource_calendar_workday,
)

# isort: split
from . import (
    quote_signoff_advance_payment_wizard,
    quote_signoff_approval,
    quote_signoff_approval_flow,
    quote_signoff_approval_flow_step,
    quote_signoff_ir_actions_report,
    quote_signoff_mail_mail,
    quote_signoff_mail_message_schedule,
    quote_signoff_mail_scheduled_message,
    quote_signoff_mail_template,
    quote_signoff_payment_link_wizard,
    quote_signoff_payment_transaction,
    quote_signoff_portal,
    quote_signoff_res_company,
    quote_signoff_res_config_settings,
    quote_signoff_sale_order,
    quote_signoff_sale_order_line,
    quote_signoff_web_shop,
)

# isort: split
from . import (
    order_dates_sale_order,
    order_dates_sale_order_line,
    order_gate_payment_transaction,
    order_gate_sale_order,
)

# isort: split
from . import (
    order_review,
    order_review_approval_flow_step,
    order_review_line,
    order_review_opinion,
    order_review_register,
    order_review_res_company,
    order_review_res_config_settings,
    order_review_resource_calendar,
    order_review_sale_order,
    order_review_sale_order_line,
)

# isort: split
from . import (
    customer_file_item,
    customer_file_paper,
    customer_file_res_company,
    customer_file_res_config_settings,
    customer_file_res_partner,
    customer_file_sale_order,
)
