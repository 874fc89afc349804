from . import (
    test_approval_engine,
    test_approval_flow,
    test_approval_rights,
    test_order_review,
    test_order_review_bypass,
    test_order_review_rights,
    test_quote_bypass_mail,
    test_quote_bypass_payment,
    test_quote_bypass_portal,
    test_quote_signoff,
    test_quote_signoff_tour,
    test_working_day_clock,
)
