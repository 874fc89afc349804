import base64

from odoo.tests import HttpCase, tagged

from .tax_invoice_common import PDF, TaxInvoiceCommon


@tagged("post_install", "-at_install")
class TestTaxInvoicePortal(TaxInvoiceCommon, HttpCase):
    """The customer finds the files beside the invoice; the first download is logged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._invoice(cls.manager1, 100, "2026-03-20", partner_id=cls.customer.id)
        cls.move.message_subscribe(cls.portal_user.partner_id.ids)
        cls.invoice = cls._tax_invoice(100, moves={cls.move: 100}, pdf_file=PDF)
        cls.draft = cls._tax_invoice(10, state="draft", pdf_file=PDF)

    def _file(self, move=None, invoice=None, suffix="pdf", token=""):
        url = f"/my/invoices/{(move or self.move).id}/tax-invoice/{(invoice or self.invoice).id}/{suffix}{token}"
        return self.url_open(url, allow_redirects=False)

    def _downloads(self):
        return self.invoice.handover_ids.filtered(lambda handover: handover.method == "portal")

    def test_by_the_customer(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        page = self.url_open(f"/my/invoices/{self.move.id}")
        self.assertIn(self.invoice.number, page.text)
        self.assertFalse(self._downloads(), "looking is no download")
        answer = self._file()
        self.assertEqual((answer.status_code, answer.content), (200, base64.b64decode(PDF)))
        self.assertIn(f"{self.invoice.number}.pdf", answer.headers["Content-Disposition"])
        self.assertEqual(self._downloads().receiver, self.portal_user.partner_id.name)
        self.assertFalse(self._downloads().handed_by_id)
        self._file()
        self.assertEqual(len(self._downloads()), 1, "once")

    def test_by_link_from_a_mail(self):
        token = self.move._portal_ensure_token()
        self.env.flush_all()
        self.assertEqual(self._file(token=f"?access_token={token}").status_code, 200)
        self.assertEqual(self._downloads().receiver, self.customer.name)

    def test_not_by_others(self):
        stranger = self.env["res.users"].create(self._prepare_user("stranger_portal", "base.group_portal"))
        other = self.env["res.partner"].create(
            {"name": "Another", "is_company": True, "property_account_receivable_id": self.receivable.id}
        )
        stranger.partner_id.parent_id = other
        theirs = self._invoice(self.manager1, 100, "2026-03-20", partner_id=other.id)
        theirs.message_subscribe(stranger.partner_id.ids)
        self.authenticate(stranger.login, stranger.login)
        self.assertEqual(self._file().status_code, 303)
        # By way of an invoice of their own.
        self.assertEqual(self._file(move=theirs).status_code, 404)
        self.assertEqual(self._file(token="?access_token=guessed").status_code, 303)
        for model, ids in (("sales.tax.invoice", self.invoice.ids), ("sales.invoice.handover", [1])):
            answer = self.url_open(f"/web/content/{model}/{ids[0]}/pdf_file")
            self.assertEqual(answer.status_code, 404)
        self.assertFalse(self._downloads())

    def test_what_is_not_issued_or_not_there(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        self.assertEqual(self._file(invoice=self.draft).status_code, 404)
        self.assertEqual(self._file(suffix="xml").status_code, 404)
        self.assertEqual(self._file(suffix="exe").status_code, 404)

    def test_colleagues_do_not_fetch_it_for_the_customer(self):
        self.authenticate(self.manager1.login, self.manager1.login)
        self.assertEqual(self._file().status_code, 200)
        self.assertFalse(self._downloads())
