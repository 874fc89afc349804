import os
from datetime import date
from pathlib import Path

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import SalesDeptCommon

TABLE = Path(__file__).resolve().parents[2] / "docs" / "rights.md"
OPERATIONS = {"create": "C", "read": "R", "write": "W", "unlink": "D"}
ROLES = [
    ("Assistant", "group_assistant"),
    ("Account manager", "group_account_manager"),
    ("Director", "group_director"),
    ("General manager", "group_general_manager"),
    ("Finance", "group_finance_verifier"),
    ("Engineering", "group_review_engineering"),
    ("Production", "group_review_production"),
    ("Purchasing", "group_review_purchasing"),
    ("Quality", "group_review_quality"),
    ("Logistics", "group_review_logistics"),
]
HEAD = """# Who may what

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_roles/tests/test_right_matrix.py`. A role is a group; one person may hold several. Record rules narrow
what is seen further: one's own customers, one's own company, what waits for one's role.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(SalesDeptCommon):
    """docs/rights.md says what each role may do; each cell of it is tried here."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.sales_dept_quote_signoff = "off"
        cls.company.sales_dept_department_id = cls.env["hr.department"].create({"name": "Sales"})
        cls.people = {label: cls._create_role_user(f"matrix_{group}", group) for label, group in ROLES}
        cls.people["No role"] = cls.outsider
        cls.people["Customer"] = new_test_user(
            cls.env, "matrix_portal", "base.group_portal", email="p@customer.example"
        )
        cls.owner = cls.people["Account manager"]
        cls.asker = cls._create_role_user("matrix_asker", "group_account_manager", "group_assistant")

    def test_table(self):
        table = "\n".join([HEAD, *self._models(), "", *self._actions(), ""])
        if os.environ.get("RIGHTS_TABLE") == "write":
            TABLE.write_text(table, encoding="utf-8")
        self.assertEqual(TABLE.read_text(encoding="utf-8"), table, "Rights changed: look at them, then make rights")

    def _rows(self, title, cells):
        """A Markdown table of ``{label: {person: text}}``."""
        yield f"| {title} | {' | '.join(self.people)} |"
        yield f"|---|{'---|' * len(self.people)}"
        for label, row in cells.items():
            yield f"| {label} | {' | '.join(row[person] or '–' for person in self.people)} |"

    # === MODELS === #

    def _models(self):
        yield "## Records\n\nC create, R read, W write, D delete.\n"
        models = sorted(
            name
            for name, model in self.registry.items()
            if model._original_module == "sales_dept_roles" and not model._abstract and not model._transient
        )
        self.assertIn("sale.order.review", models)
        cells = {
            f"{self.env[name]._description} `{name}`": {
                person: "".join(
                    letter
                    for operation, letter in OPERATIONS.items()
                    if self.env[name].with_user(user).has_access(operation)
                )
                for person, user in self.people.items()
            }
            for name in models
        }
        yield from self._rows("model", cells)

    # === ACTIONS === #

    def _actions(self):
        yield "## Actions\n"
        yield "On a document of the account manager's own, asked for by a colleague; ✓ may, – is refused.\n"
        cells = {}
        for label, prepare, act in self._action_cases():
            cells[label] = {person: self._try(prepare, act, user) for person, user in self.people.items()}
            self.assertIn("✓", cells[label].values(), f"Nobody may: {label}")
            self.assertEqual(cells[label]["Customer"], "", label)
        yield from self._rows("action", cells)

    def _try(self, prepare, act, user):
        """Return whether `user` may do `act` on what `prepare` makes; nothing of it stays."""
        savepoint = self.env.cr.savepoint(flush=True)
        document = prepare()
        # As another request would find it.
        self.env.flush_all()
        self.env.invalidate_all()
        try:
            act(document.with_user(user))
            self.env.flush_all()
            return "✓"
        except (AccessError, UserError):
            return ""
        finally:
            savepoint.rollback()
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _approve_by(self, document, *labels):
        for label in labels:
            document.with_user(self.people[label]).action_approval_approve()
        return document

    def _order(self, **vals):
        return self._create_quotation(
            self.owner, user_id=self.owner.id, commitment_date="2031-03-14 09:00:00", **vals
        ).with_user(self.asker)

    def _asked_review(self, *signed):
        review = self._order()._order_review()
        review.action_approval_submit()
        return self._approve_by(review, *signed)

    def _conditional_review(self):
        review = self._asked_review("General manager", "Engineering", "Production", "Purchasing", "Quality")
        review.with_user(self.people["Finance"]).action_approval_agree_with_conditions("Payment in advance")
        return review

    def _passed_review(self, handed_out=False):
        review = self._asked_review("General manager", "Engineering", "Production", "Purchasing", "Quality", "Finance")
        if handed_out:
            review.with_user(self.people["Assistant"]).action_hand_out()
        return review

    def _rush(self, *signed):
        order = self._order()
        order.sudo().action_confirm()
        order.order_line._write_protected({"promised_date": date(2031, 3, 14)})
        request = (
            self.env["sale.rush.request"]
            .with_user(self.asker)
            .create(
                {
                    "order_id": order.id,
                    "reason": "The customer's line stands still",
                    "line_ids": [Command.create({"sale_line_id": order.order_line.id, "wanted_date": "2031-03-10"})],
                }
            )
        )
        request.action_approval_submit()
        return self._approve_by(request, *signed)

    def _customer_file(self, submitted=False):
        customer = self.env["res.partner"].create({"name": "Matrix Ltd", "is_company": True, "user_id": self.owner.id})
        self.company.sudo().sales_dept_customer_file_item_ids = False
        if submitted:
            customer.with_user(self.asker).action_approval_submit()
        return customer

    def _agreement(self, *signed, submit=True):
        agreement = (
            self.env["sales.agreement"]
            .with_user(self.asker)
            .create(
                {
                    "partner_id": self._customer_file().id,
                    "user_id": self.owner.id,
                    "subject": "Supply",
                    "terms": "<p>Prices hold.</p>",
                    "date_start": "2026-01-01",
                }
            )
        )
        if submit:
            agreement.action_approval_submit()
        return self._approve_by(agreement, *signed)

    def _requisition(self):
        requisition = (
            self.env["sales.manpower.requisition"]
            .with_user(self.asker)
            .create({"position": "Export manager", "wanted_date": "2099-01-01", "duties": "<p>Finds customers</p>"})
        )
        requisition.action_approval_submit()
        return requisition

    def _policy(self, published=False):
        policy = (
            self.env["sales.policy"]
            .with_user(self.people["Director"])
            .create(
                {
                    "name": "Credit terms",
                    "number": "XS-07",
                    "body": "<p>No shipment beyond the limit.</p>",
                    "audience": "roles",
                    "group_ids": [Command.set(self.env.ref("sales_dept_roles.group_account_manager").ids)],
                }
            )
        )
        if published:
            policy.action_publish()
        return policy

    def _action_cases(self):
        def sign_off_on():
            order = self._order()
            self.company.sudo().sales_dept_quote_signoff = "all"
            return order

        def submitted():
            order = sign_off_on()
            order.action_approval_submit()
            return order

        def method(name, *arguments):
            return lambda record: getattr(record, name)(*arguments)

        approve = method("action_approval_approve")
        write_note = method("write", {"note": "Look here"})
        flow = self.env.ref("sales_dept_roles.approval_flow_quotation")
        duty = self.env.ref("sales_dept_roles.duty_manager_3_2_6")
        yield "Quotation: submit for sign-off", sign_off_on, method("action_approval_submit")
        yield "Quotation: sign off", submitted, approve
        yield "Order: confirm, no policy on", self._order, method("action_confirm")
        yield "Order review: ask for it", self._order, method("action_order_review")
        yield "Order review: sign the sales department's column", self._asked_review, approve
        yield (
            "Order review: give a department's opinion",
            lambda: self._asked_review("General manager"),
            approve,
        )
        yield "Order review: remarks for the departments", lambda: self._order()._order_review(), write_note
        yield (
            "Order review: promise a date",
            lambda: self._asked_review("General manager"),
            lambda review: review.line_ids.write({"promised_date": "2031-04-01"}),
        )
        yield (
            "Order review: read the margin",
            self._asked_review,
            lambda review: review.read(["margin"]),
        )
        yield "Order review: accept conditions", self._conditional_review, method("action_accept_conditions")
        yield "Order review: hand out", self._passed_review, method("action_hand_out")
        yield (
            "Order review: confirm receipt",
            lambda: self._passed_review(handed_out=True),
            method("action_receive"),
        )
        yield "Rush request: first signature", self._rush, approve
        yield "Rush request: second signature", lambda: self._rush("Director"), approve
        yield "Rush request: last signature", lambda: self._rush("Director", "Production"), approve
        yield "Customer file: submit", self._customer_file, method("action_approval_submit")
        yield "Customer file: archive", lambda: self._customer_file(submitted=True), approve
        yield "Agreement: submit", lambda: self._agreement(submit=False), method("action_approval_submit")
        yield "Agreement: first signature", self._agreement, approve
        yield "Agreement: second signature", lambda: self._agreement("Director"), approve
        yield "Manpower requisition: first signature", self._requisition, approve
        yield "Policy: publish", self._policy, method("action_publish")
        yield (
            "Policy for account managers: confirm having read it",
            lambda: self._policy(published=True),
            method("action_confirm_read"),
        )
        yield "Approval flow: change", lambda: flow, method("write", {"note": "Changed"})
        yield "Job card: change a duty", lambda: duty, method("write", {"indicator": "≥ 95 %"})
