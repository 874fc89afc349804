from . import calendar_event
from . import calendar_event_series
from . import calendar_event_privacy
from . import res_partner
