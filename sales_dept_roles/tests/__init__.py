from . import (
    test_approval_engine,
    test_approval_flow,
    test_approval_rights,
    test_customer_file,
    test_quote_bypass_mail,
    test_quote_bypass_payment,
    test_quote_bypass_portal,
    test_quote_signoff,
    test_quote_signoff_tour,
    test_working_day_clock,
)
