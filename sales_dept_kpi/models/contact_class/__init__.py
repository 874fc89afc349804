from . import sales_contact_class
from . import sales_contact_proposal
