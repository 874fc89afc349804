from datetime import date

from odoo import Command
from odoo.tests import tagged

from .right_matrix import RightMatrixCase

HEAD = """# Who may what

Made by a test that tries all of it (`make rights` writes it, `make test` compares it):
`sales_dept_roles/tests/test_right_matrix.py`. A role is a group; one person may hold several. Record rules narrow
what is seen further: one's own customers, one's own company, what waits for one's role.
"""


@tagged("post_install", "-at_install")
class TestRightMatrix(RightMatrixCase):
    """docs/rights.md says what each role may do; each cell of it is tried here."""

    addon = "sales_dept_roles"
    elsewhere = ("customer.issue",)
    page = "rights.md"
    head = HEAD

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
        order = self._confirmed_order()
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

    def _company_path(self, model):
        return {
            "sales.approval.flow.step": "flow_id.company_id",
            "sales.dept.duty.link": "duty_id.company_id",
        }.get(model, super()._company_path(model))

    def _make_company_records(self):
        self._asked_review("General manager", "Engineering")
        rush = self._rush("Director")
        pushed_back = self._confirmed_order().sudo().order_line
        pushed_back._write_protected({"promised_date": "2031-03-20"})
        if pushed_back not in rush.affected_ids.sale_line_id:
            rush.sudo().affected_ids = [Command.create({"sale_line_id": pushed_back.id})]
        self._agreement()
        self._requisition()
        self._policy(published=True).with_user(self.owner).action_confirm_read()
        director = self.people["Director"]
        self.env["sales.assignment.give"].with_user(director).create(
            {
                "kind": "assignment",
                "name": "Call the customer",
                "user_ids": [Command.set(self.owner.ids)],
                "date_deadline": "2099-01-01",
            }
        )._give()
        order = self._order()
        self.env["sale.order.sending"].create(
            {"order_id": order.id, "way": "mail", "digest": "0", "currency_id": order.currency_id.id}
        )
        company = {"company_id": self.company.id}
        self.env["sales.controlled.form"].create(
            {
                "report_id": self.env.ref("sales_dept_roles.action_report_order_review").id,
                "number": "QR-01",
                "version": "A/1",
                **company,
            }
        )
        self.env["sales.approval.delegation"].create(
            {
                "user_id": director.id,
                "delegate_id": self.owner.id,
                "date_to": "2099-01-01",
                "reason": "Away",
                **company,
            }
        )
        self.env["sales.approval.flow"].create(
            {
                "name": "Of one company",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "step_ids": [
                    Command.create({"name": "Director", "group_id": self.env.ref("sales_dept_roles.group_director").id})
                ],
                **company,
            }
        )
        link = {"name": "Orders", "action_id": self.env.ref("sale.action_orders").id}
        self.env["sales.dept.role"].create(
            {
                "name": "Of one company",
                "duty_ids": [Command.create({"name": "Sells", "number": "1", "link_ids": [Command.create(link)]})],
                **company,
            }
        )
        contact_class = self.env["sales.contact.class"].create({"name": "Of one company", **company})
        customer = self.env["res.partner"].create(
            {"name": "Of one company", "is_company": True, "contact_class_id": contact_class.id, **company}
        )
        self.env["res.partner.paper"].create({"partner_id": customer.id, "number": "1"})
        part = {"partner_id": customer.id, "product_tmpl_id": self.product.product_tmpl_id.id, "part_number": "1"}
        self.env["sales.customer.part"].create({**part, **company})
        self.env["resource.calendar.workday"].create({"name": "Make-up day", "date": "2031-01-04", **company})

    def _is_personal(self, model):
        # Seen by who gives and who receives it.
        return model == "sales.approval.delegation"

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
        yield "Customer file: file", lambda: self._customer_file(submitted=True), approve
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
