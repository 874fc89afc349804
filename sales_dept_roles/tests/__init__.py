from . import (
    test_approval_engine,
    test_approval_flow,
    test_approval_rights,
    test_quote_bypass_mail,
    test_quote_bypass_payment,
    test_quote_bypass_portal,
    test_quote_signoff,
    test_quote_signoff_tour,
    test_rush_request,
    test_rush_request_rights,
    test_rush_request_supply,
    test_working_day_clock,
)
