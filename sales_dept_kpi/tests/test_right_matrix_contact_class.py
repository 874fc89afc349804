from odoo import Command
from odoo.exceptions import MissingError
from odoo.tests import tagged

from odoo.addons.sales_dept_roles.tests.right_matrix import RightMatrixCase

HEAD = """# Who may what with contact classes by sales

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_kpi/tests/test_right_matrix_contact_class.py`. A role is a group; one person may hold several. Which class a
customer has: [rights-visits.md](rights-visits.md).
"""


@tagged("post_install", "-at_install")
class TestRightMatrixContactClass(RightMatrixCase):
    """docs/rights-contact-classes.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_kpi"
    prefix = "sales.contact"
    page = "rights-contact-classes.md"
    head = HEAD

    def test_other_companies(self):
        """Rows are made of the companies that one works for: of another there are none, for nobody."""
        row = self._row()
        director = self.people["Director"]
        self.assertTrue(row.with_user(director).search([("id", "=", row.id)]))
        other = self.env["res.company"].create({"name": "Another Company"})
        director.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.env.invalidate_all()
        unseen = row.with_user(director).with_context(allowed_company_ids=other.ids)
        self.assertFalse(unseen.search([]))
        with self.assertRaises(MissingError):
            unseen.action_accept()

    def _row(self):
        """The proposal for a customer that has a class and bought nothing."""
        classes = self.env["sales.contact.class"]
        classes.create({"name": "Small", "sales_share": 100, "company_id": self.company.id})
        given = classes.create({"name": "Large", "sales_share": 50, "company_id": self.company.id})
        self.customer.write({"user_id": self.owner.id, "contact_class_id": given.id, "company_id": self.company.id})
        self.env.flush_all()
        return self.env["sales.contact.proposal"].browse(self.customer.id)

    def _action_cases(self):
        yield "Proposal: read", self._row, lambda row: row.read(["proposed_class_id", "reason"])
        yield "Proposal: give the class", self._row, lambda row: row.action_accept()
