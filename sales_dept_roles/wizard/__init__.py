from . import (
    agreement_terminate,
    approval_decide,
    assignment_answer,
    assignment_give,
    checklist,
    checklist_policy,
    checklist_role,
    customer_file_partner_merge,
    manpower_requisition_close,
    order_review_dates,
    order_review_dates_line,
    rush_request_dates,
)
