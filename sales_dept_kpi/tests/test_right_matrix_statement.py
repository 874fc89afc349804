from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with customer statements

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_statement.py`. A role is a group; one person may hold several. Record rules
narrow what is seen further: an account manager sees the statements of their own customers, a customer those that were
sent to it, everybody those of their own companies.
"""


@tagged("post_install", "-at_install")
class TestRightMatrixStatement(RightMatrixCase):
    """docs/rights-statements.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = "customer.statement"
    page = "rights-statements.md"
    head = HEAD

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.user_id = cls.owner
        cls.company.partner_id.email = "house@example.com"
        cls.goods = cls.env["product.product"].create({"name": "Gear", "type": "consu", "taxes_id": False})
        cls.today = cls.company._local_today()

    def _statement(self, state="draft"):
        """The statement of the account manager's customer, of one shipment."""
        order = self._create_quotation(
            self.director,
            user_id=self.owner.id,
            order_line=[Command.create({"product_id": self.goods.id, "product_uom_qty": 5, "price_unit": 10})],
        ).sudo()
        order.action_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 5, "picked": True})
        picking._action_done()
        picking.move_ids.date = datetime.combine(self.today - timedelta(days=3), datetime.min.time())
        vals = {"partner_id": self.customer.id, "date_to": self.today, "opening_note": "None"}
        vals["date_from"] = self.today - timedelta(days=9)
        statement = self.env["customer.statement"].with_user(self.owner).create(vals)
        if state != "draft":
            statement.action_send()
        if state == "corrected":
            said = {statement.sudo().line_ids[0]: {"quantity": 4}}
            statement.sudo()._correct(said, "Ms Zhao", "portal")
        if state in ("confirmed", "waiting", "validated"):
            statement.sudo()._confirm("Ms Zhao", "portal")
        if state in ("waiting", "validated"):
            statement.with_user(self.asker).action_approval_submit()
        if state == "validated":
            statement.with_user(self.people["Finance"]).action_approval_approve()
        return statement

    def _make_company_records(self):
        self._statement("corrected")

    def _action_cases(self):
        def method(name, *arguments):
            return lambda record: getattr(record, name)(*arguments)

        def in_state(state):
            return lambda: self._statement(state)

        def correction():
            return self._statement("corrected").correction_ids

        yield "Make the statements of all", lambda: self.env["customer.statement.make"], self._make_statements
        yield "Read a draft", self._statement, method("read", ["closing_balance"])
        yield "Collect its lines again", self._statement, method("action_collect")
        yield "Enter an adjustment", self._statement, self._adjust
        yield "Send it", self._statement, method("action_send")
        yield "Delete a draft", self._statement, method("unlink")
        yield "Read one that was sent", in_state("sent"), method("read", ["closing_balance"])
        yield "Read its lines", in_state("sent"), lambda record: record.line_ids.read(["amount"])
        yield "Send it anew", in_state("sent"), method("action_reissue")
        yield "Cancel it", in_state("sent"), method("action_cancel")
        yield "Accept a correction", correction, method("action_accept")
        yield "Refuse a correction", correction, self._refuse
        yield "Submit what was confirmed", in_state("confirmed"), method("action_approval_submit")
        yield "Verify it", in_state("waiting"), method("action_approval_approve")
        yield "Make its invoices", in_state("validated"), method("action_make_invoices")

    def _make_statements(self, dialog):
        self._shipped_before()
        dialog.create({"until": self.today, "partner_ids": [Command.set(self.customer.ids)]}).action_make()

    def _shipped_before(self):
        """Something that a statement is due for."""
        draft = self._statement().sudo()
        self.env["stock.move"].browse(draft.line_ids.move_id.ids).date = self.today - timedelta(days=33)
        draft.unlink()

    def _adjust(self, statement):
        statement.write({"line_ids": [Command.create({"name": "Freight", "amount": 5})]})

    def _refuse(self, correction):
        dialog = self.env["customer.statement.refuse"].with_user(correction.env.user)
        dialog.create({"correction_ids": correction.ids, "words": "Signed for"}).action_refuse()
