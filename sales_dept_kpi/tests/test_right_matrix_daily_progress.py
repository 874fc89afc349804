from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with the daily progress and ERP upkeep

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_daily_progress.py`. A role is a group; one person may hold several.
Record rules narrow what is seen further: account managers see their own row, in one's own company.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights-daily-progress.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = ("sales.daily.progress", "sales.progress.document", "sales.erp.upkeep")
    page = "rights-daily-progress.md"
    head = HEAD

    def _make_company_records(self):
        self._order(order_line=[], state="draft")
        self._confirmed_order()

    def _row(self, model):
        """The account manager's own row of `model`, which they have once they sold something."""
        self._confirmed_order()
        self._order()
        self.env.flush_all()
        return self.env[model].search([("user_id", "=", self.owner.id)], limit=1)

    def _action_cases(self):
        yield (
            "Daily progress: read the account manager's row",
            lambda: self._row("sales.daily.progress"),
            lambda row: row.read(["order_month"]),
        )
        yield (
            "Daily progress: open the documents of a figure",
            lambda: self._row("sales.daily.progress"),
            lambda row: row.env[(action := row.action_open_documents())["res_model"]].search(action["domain"]),
        )
        yield (
            "Daily progress: open a document of the account manager's",
            lambda: self._row("sales.progress.document"),
            lambda row: row.action_open_document(),
        )
        yield (
            "ERP upkeep: read the account manager's row",
            lambda: self._row("sales.erp.upkeep"),
            lambda row: row.read(["untended_count"]),
        )
        yield (
            "ERP upkeep: open what the account manager left",
            lambda: self._row("sales.erp.upkeep"),
            lambda row: row.action_open_untended(),
        )
