from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import SalesDeptCommon
from .rush_request_common import RushRequestCommon
from .test_agreement import SIGNATURE


@tagged("post_install", "-at_install")
class TestApprovalDesk(SalesDeptCommon):
    """One decision after the other: what is left, what was decided today, and no drawing skipped."""

    def _asked(self, count=1):
        orders = self.env["sale.order"].browse()
        for _number in range(count):
            orders |= self._create_quotation()
        orders.with_user(self.manager1).action_approval_submit()
        return orders.sudo()._approval_in_force().with_user(self.gm)

    def _decided_today(self, user=None):
        return self.env["sales.approval"].with_user(user or self.gm).decided_today()

    def test_one_press_signs_what_the_card_showed(self):
        first, second = self._asked(2)
        told = first.action_sign_card()
        self.assertEqual(first.state, "approved")
        self.assertEqual(told["tag"], "display_notification")
        self.assertIn("One more document waits for you.", told["params"]["message"])
        message = second.action_sign_card()["params"]["message"]
        self.assertEqual(message, f"{second.res_name}: signed off.")

    def test_a_drawing_that_is_wanted_is_asked_for(self):
        self.flow.step_ids.signature_required = True
        self.gm.sales_dept_signature = False
        approval = self._asked()
        action = approval.action_sign_card()
        self.assertEqual(action["res_model"], "sales.approval.decide")
        self.assertEqual(approval.state, "pending")

    def test_what_was_decided_today(self):
        self.assertEqual(self._decided_today(), [])
        approvals = self._asked(3)
        approvals[0].action_sign_card()
        self.assertEqual(len(self._decided_today()), 1)
        approvals[1].action_sign_card()
        self._reject(approvals[2])
        signed, refused = self._decided_today()
        total = sum(approvals[:2].mapped("amount"))
        self.assertEqual(signed, f"Signed off today: {(approvals[0] | approvals[1])._sum_text()}")
        self.assertIn(f"{total:,.2f}", signed)
        self.assertIn("2 documents", signed)
        self.assertIn("Refused today: 1 document", refused)
        self.assertEqual(self._decided_today(self.director), [], "what others decided is theirs")

    def test_today_is_the_companys(self):
        """Just after midnight in Shanghai it is still yesterday in London."""
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        approval = self._asked()
        with freeze_time("2026-03-02 15:59:00"):
            approval.action_sign_card()
            self.assertEqual(len(self._decided_today()), 1)
        with freeze_time("2026-03-02 16:00:00"):
            self.assertEqual(self._decided_today(), [])

    def test_terms_name_their_columns(self):
        """On the phone each value stands under the title of its column."""
        approval = self._asked()
        self.assertIn('data-title="Quantity"', str(approval.terms_text))

    def _reject(self, approval):
        approval.env["sales.approval.decide"].create(
            {"approval_ids": [Command.set(approval.ids)], "outcome": "rejected", "comment": "Too cheap"}
        ).action_decide()


@tagged("post_install", "-at_install")
class TestApprovalDeskTour(SalesDeptCommon, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_on_the_phone(self):
        orders = self._create_quotation(name="Desk 1") | self._create_quotation(name="Desk 2")
        orders |= self._create_quotation(name="Desk 3")
        for number, order in enumerate(orders):
            order.action_approval_submit()
            # What is due first is the first card.
            task = order.sudo()._approval_in_force().task_ids
            task.deadline = fields.Datetime.now() + timedelta(hours=number + 1)
        self.start_tour("/odoo/my-approvals", "sales_dept_approval_desk", login="gm_test")
        self.assertEqual(orders.mapped("approval_state"), ["approved", "approved", "rejected"])


@tagged("post_install", "-at_install")
class TestMixedApprovalTour(RushRequestCommon, HttpCase):
    def test_ten_of_four_kinds(self):
        """Each waits for the general manager; the one drawing that quotations want is put on all of them."""
        self.company.sales_dept_quote_signoff = "all"
        self.flow.step_ids.signature_required = True
        self.gm.sales_dept_signature = SIGNATURE
        orders = self.env["sale.order"].concat(*(self._create_quotation() for _number in range(7)))
        orders.action_approval_submit()
        self._submit(request := self._request(), self.director, self.production)
        as_manager = self.env["sales.agreement"].with_user(self.manager1)
        terms = {"subject": "Supply", "terms": "<p>Prices hold.</p>"}
        agreement = as_manager.create({"partner_id": self.customer.id, **terms})
        self._submit(agreement, self.director)
        department = self.env["hr.department"].create({"name": "Sales", "company_id": self.company.id})
        self.company.sales_dept_department_id = department
        requisition = as_manager.env["sales.manpower.requisition"].create(
            {
                "position": "Export Manager",
                "wanted_date": "2099-01-01",
                "duties": "<p>Finds customers abroad</p>",
                "requirements": "English",
                "interviewer_ids": self.director.ids,
            }
        )
        self._submit(requisition, self.director)
        documents = (*orders, request, agreement, requisition)
        self.assertEqual({document.approval_state for document in documents}, {"pending"})
        self.start_tour("/odoo/my-approvals", "sales_dept_mixed_approval", login="gm_test")
        self.assertEqual({document.approval_state for document in documents}, {"approved"})
        self.assertTrue(all(orders.sudo().approval_ids.decision_ids.mapped("signature")))
