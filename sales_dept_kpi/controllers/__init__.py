from . import satisfaction_stop, target_sheet
