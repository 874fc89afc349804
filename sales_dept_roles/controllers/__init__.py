from . import (
    agreement_register,
    order_review_register,
    quote_signoff_portal,
    quote_signoff_register,
    rush_request_register,
)
