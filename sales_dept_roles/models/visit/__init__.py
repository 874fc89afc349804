from . import res_company
from . import res_config_settings
from . import sales_contact_class
from . import calendar_event
from . import calendar_event_rights
from . import calendar_event_register
from . import sales_contact_due
from . import res_partner
