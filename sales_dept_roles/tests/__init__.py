from . import (
    test_approval_engine,
    test_approval_flow,
    test_approval_rights,
    test_quote_signoff,
    test_working_day_clock,
)
