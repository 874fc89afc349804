from odoo.tests import tagged

from .report_rights import ReportRights

HEAD = """# Who may what with monthly reports and appraisals

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_report.py`. A role is a group; one person may hold several. Record rules narrow
what is seen further: one's own report, one's own appraisal once it is released, one's own company.
"""


@tagged("post_install", "-at_install")
class TestRightMatrixReport(ReportRights):
    """docs/rights-reports.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = ("sales.monthly.report", "sales.appraisal")
    page = "rights-reports.md"
    head = HEAD
