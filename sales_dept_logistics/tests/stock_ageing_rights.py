from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

from .stock_ageing_common import StockAgeingCommon


class StockAgeingRights(StockAgeingCommon, RightMatrixCase):
    """What the table of rights says about stock ageing."""

    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of its own: the table's class puts the features together, and each has goods.
        cls.aged_goods = cls._create_goods("Aged")

    def _ageing_sheet(self, explained=False, submitted=False):
        """A sheet whose one line over the limit is the account manager's."""
        self._move(self.supplier, self.stock, 5, "2020-01-10", product=self.aged_goods)
        self._sell(self.aged_goods, self.owner, day="2020-01-05")
        sheet = self._sheet(self.company._local_today(), user=self.people["Assistant"])
        sheet.action_ask()
        if explained or submitted:
            self._explain(self._lines(sheet, self.aged_goods), user=self.owner)
        if submitted:
            sheet.with_user(self.asker).action_approval_submit()
        return sheet

    def _make_company_records(self):
        self._ageing_sheet()

    def _company_path(self, model):
        return "sheet_id.company_id" if model == "stock.ageing.line" else super()._company_path(model)

    def _action_cases(self):
        day = self.company._local_today()

        def draft():
            return self.env["stock.ageing.sheet"].create({"date": day})

        def line():
            return self._lines(self._ageing_sheet(), self.aged_goods)

        yield (
            "Stock ageing: make a sheet",
            lambda: self.env["stock.ageing.sheet"],
            lambda sheets: sheets.create({"date": day}),
        )
        yield "Stock ageing: take the figures", draft, lambda sheet: sheet.action_compute()
        yield "Stock ageing: take them again", self._ageing_sheet, lambda sheet: sheet.action_compute_again()
        yield "Stock ageing: ask for explanations", self._ageing_sheet, lambda sheet: sheet.action_ask()
        yield "Stock ageing: read a line of the account manager's", line, lambda line: line.read(["quantity", "cause"])
        yield "Stock ageing: read the sheet's totals", self._ageing_sheet, lambda sheet: sheet.read(["total_value"])
        yield "Stock ageing: explain a line of the account manager's", line, lambda line: line.write({"cause": "Late"})
        yield (
            "Stock ageing: name who is responsible",
            line,
            lambda line: line.write({"user_id": self.people["Director"].id}),
        )
        yield (
            "Stock ageing: submit for confirmation",
            lambda: self._ageing_sheet(explained=True),
            lambda sheet: sheet.action_approval_submit(),
        )
        yield (
            "Stock ageing: confirm",
            lambda: self._ageing_sheet(submitted=True),
            lambda sheet: sheet.action_approval_approve(),
        )
