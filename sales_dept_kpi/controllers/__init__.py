from . import target_sheet
