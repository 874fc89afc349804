from . import models, wizard
from . import models
from . import wizard
