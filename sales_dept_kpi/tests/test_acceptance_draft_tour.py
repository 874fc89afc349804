from odoo.tests import HttpCase, tagged

from .acceptance_draft_common import DraftCommon


@tagged("post_install", "-at_install")
class TestAcceptanceDraftTour(DraftCommon, HttpCase):
    def test_from_receipt_to_dishonour(self):
        invoice = self._invoice(self.manager1, 100, "2026-03-01", due="2026-03-31")
        draft = self._draft(100)
        self.start_tour("/odoo/acceptance-drafts", "sales_dept_acceptance_draft", login="finance_test")
        self.assertEqual((draft.state, invoice.amount_residual), ("dishonoured", 100))
