from odoo.tests import tagged

from .target_rights import TargetRights

HEAD = """# Who may what with targets and credit splits

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_target.py`. A role is a group; one person may hold several.
Record rules narrow what is seen further: an account manager sees their own figures only, and nobody another company's.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(TargetRights):
    """docs/rights-targets.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = ("sales.target", "sales.credit")
    page = "rights-targets.md"
    head = HEAD
