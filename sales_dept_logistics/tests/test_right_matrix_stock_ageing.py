from odoo.tests import tagged

from .stock_ageing_rights import StockAgeingRights

HEAD = """# Who may what with stock ageing

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_logistics/tests/test_right_matrix_stock_ageing.py`. A role is a group; one person may hold several.
Record rules narrow what is seen further: one's own goods, one's own company, what waits for one's role.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(StockAgeingRights):
    """docs/rights-stock-ageing.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_logistics"
    prefix = "stock.ageing"
    page = "rights-stock-ageing.md"
    head = HEAD
