from . import approval_decide, customer_file_partner_merge
