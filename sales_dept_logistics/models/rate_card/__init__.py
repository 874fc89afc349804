from . import freight_charge_kind
from . import freight_waybill_charge
from . import freight_waybill
