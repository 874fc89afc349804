from . import customer_file_report, ir_actions_report
