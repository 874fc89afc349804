import base64
import re
from datetime import timedelta
from io import BytesIO

import openpyxl

from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .customer_statement_common import CustomerStatementCommon


@tagged("post_install", "-at_install")
class TestCustomerStatementPortal(CustomerStatementCommon, HttpCase):
    """What the customer sees of statements, and does with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal_user.password = "portal_test"  # noqa: S105 # a login of this test
        cls._shipped(10, "2026-03-10")

    def setUp(self):
        super().setUp()
        self.statement = self._sent()
        self.url = f"/my/statements/{self.statement.id}"
        self.line = self.statement.line_ids

    def _login(self):
        self.authenticate("portal_test", "portal_test")

    def _post(self, what, token=None, files=None, **data):
        data = {"version": self.statement.version, "name": "Ms Zhao", "csrf_token": Request.csrf_token(self), **data}
        address = f"{self.url}/{what}" + (f"?access_token={token}" if token else "")
        page = self.url_open(address, data=data, files=files)
        self.env.invalidate_all()
        return page.text

    def test_confirmed_by_login(self):
        self._login()
        self.assertIn(self.statement.name, self.url_open("/my/statements").text)
        page = self.url_open(self.url).text
        self.assertIn("Confirm the Statement", page)
        self.assertIn("Gear", page)
        self.assertIn("is confirmed", self._post("confirm"))
        self.assertEqual((self.statement.state, self.statement.confirmed_by), ("confirmed", "Ms Zhao"))
        self.assertEqual(self.statement.confirmed_partner_id, self.portal_user.partner_id)
        # Two people of the customer: the second one is told who was first.
        self.assertIn("Ms Zhao confirmed this statement already", self._post("confirm", name="Mr Li"))
        self.assertEqual(self.statement.confirmed_by, "Ms Zhao")
        self.assertNotIn("Confirm the Statement", self.url_open(self.url).text)

    def test_before_it_was_sent(self):
        draft = self._statement("2026-04-01")
        self._login()
        self.assertNotIn(draft.name, self.url_open("/my/statements").text)
        self.assertNotIn(draft.name, self.url_open(f"/my/statements/{draft.id}").text)

    def test_only_its_own(self):
        self.portal_user.partner_id.parent_id = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._login()
        self.assertNotIn(self.statement.name, self.url_open("/my/statements").text)
        self.assertNotIn(self.statement.name, self.url_open(self.url).text)
        self._post("confirm")
        self._post("correct", **{f"qty_{self.line.id}": "8"})
        self.assertEqual(self.statement.state, "sent")
        file = self.url_open(f"{self.url}/file?kind=pdf")
        self.assertNotEqual(file.headers.get("Content-Type"), "application/pdf")
        self.assertFalse(self.env["customer.statement"].with_user(self.portal_user).search([]))

    def test_by_link_while_it_holds(self):
        self.authenticate(None, None)
        token = self.statement.access_token
        self.assertNotIn(self.statement.name, self.url_open(self.url).text)
        self.assertNotIn(self.statement.name, self.url_open(f"{self.url}?access_token={'x' * 36}").text)
        self.assertIn(self.statement.name, self.url_open(f"{self.url}?access_token={token}").text)
        paper = self.url_open(f"{self.url}/file?kind=pdf&access_token={token}")
        self.assertTrue(paper.content.startswith(b"%PDF") or b"<html" in paper.content)
        self.statement._write_protected({"link_until": self.company._local_today() - timedelta(days=1)})
        self.assertNotIn(self.statement.name, self.url_open(f"{self.url}?access_token={token}").text)
        self._post("confirm", token)
        self.assertEqual(self.statement.state, "sent")
        # Who logs in needs no link.
        self._login()
        self.assertIn(self.statement.name, self.url_open(self.url).text)

    def _end_link(self):
        """Let the days of the link be over; return its token."""
        self.statement._write_protected({"link_until": self.company._local_today() - timedelta(days=1)})
        self.env.flush_all()
        return self.statement.access_token

    def _ask_for_link(self, token):
        return self.url_open(
            f"/my/link/customer.statement/{self.statement.id}",
            data={"access_token": token, "csrf_token": Request.csrf_token(self)},
        ).text

    def _link_mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "customer.statement"), ("res_id", "=", self.statement.id), ("subject", "ilike", "New link")]
        )

    def test_link_that_ended_says_so(self):
        self.authenticate(None, None)
        token = self._end_link()
        for address in (
            self.url,
            f"{self.url}/file",
            f"/mail/view?model=customer.statement&res_id={self.statement.id}&",
        ):
            page = self.url_open(f"{address}{'' if '?' in address else '?'}access_token={token}").text
            self.assertIn("This link holds no longer", page)
            self.assertNotIn(self.statement.name, page)
        # A stranger hears nothing.
        self.assertNotIn("holds no longer", self.url_open(f"{self.url}?access_token={'x' * 36}").text)

    def test_link_asked_for_anew(self):
        """It goes to the address on record, once; the old one never opens anything again."""
        self.authenticate(None, None)
        token = self._end_link()
        self.assertIn("on its way", self._ask_for_link(token))
        self.assertIn("on its way", self._ask_for_link(token))
        self.env.invalidate_all()
        [mail] = self._link_mails()
        self.assertEqual(mail.recipient_ids, self.statement._recipient())
        new = self.statement.access_token
        self.assertNotEqual(new, token)
        self.assertIn(f"access_token={new}", mail.body_html)
        self.assertEqual(self.statement.link_until, self.company._local_today() + timedelta(days=60))
        self.assertIn(self.statement.name, self.url_open(f"{self.url}?access_token={new}").text)
        page = self.url_open(f"{self.url}?access_token={token}").text
        self.assertIn("This link holds no longer", page)
        self.assertNotIn(self.statement.name, page)

    def test_link_asked_for_by_a_stranger(self):
        self.authenticate(None, None)
        self._end_link()
        for token in ("x" * 36, ""):
            self._ask_for_link(token)
        self.url_open(
            f"/my/link/res.partner/{self.customer.id}",
            data={"csrf_token": Request.csrf_token(self), "access_token": "x"},
        )
        self.assertFalse(self._link_mails())
        # One that holds needs no other.
        self.statement._write_protected({"link_until": self.company._local_today()})
        self._ask_for_link(self.statement.access_token)
        self.assertFalse(self._link_mails())

    def test_link_of_a_cancelled_statement(self):
        self.authenticate(None, None)
        token = self._end_link()
        self.statement.with_user(self.assistant).action_cancel()
        self._ask_for_link(token)
        self.assertFalse(self._link_mails())

    def test_link_and_the_chatter(self):
        """A link that ended neither reads nor writes the chatter, as little as the mark of whom it was mailed to."""
        Statement = self.env["customer.statement"].with_user(self.env.ref("base.public_user"))
        pid = self.customer.id
        marks = {"token": self.statement.access_token, "pid": pid, "hash": self.statement._sign_token(pid)}
        self.assertTrue(Statement._get_thread_with_access(self.statement.id, **marks))
        self._end_link()
        self.assertFalse(Statement._get_thread_with_access(self.statement.id, **marks))

    def test_link_sent_once_more_replaces_one_that_ended(self):
        held = self.statement.access_token
        self.statement.with_user(self.assistant).action_reissue()
        self.assertEqual(self.statement.access_token, held, "One that holds goes on")
        self._end_link()
        self.statement.with_user(self.assistant).action_reissue()
        self.assertNotEqual(self.statement.access_token, held)
        self.assertTrue(self.statement._link_holds())

    def test_link_begins_anew_with_a_mail_outside(self):
        before = self._end_link()
        self.statement.message_post(
            body="For us", subtype_xmlid="mail.mt_note", partner_ids=self.manager1.partner_id.ids
        )
        self.assertFalse(self.statement._link_holds())
        self.statement.message_post(body="For you", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids)
        self.assertTrue(self.statement._link_holds())
        self.assertNotEqual(self.statement.access_token, before)

    def test_corrected_line_by_line(self):
        self._login()
        said = {f"qty_{self.line.id}": "8", f"price_{self.line.id}": "9.50", f"remark_{self.line.id}": "2 broken"}
        self.assertIn("we look at your corrections", self._post("correct", **said))
        correction = self.statement.correction_ids
        self.assertEqual((correction.quantity, correction.price_unit, correction.remark), (8, 9.5, "2 broken"))
        # Said anew, by somebody else at the same customer.
        self._post("correct", name="Mr Li", **{f"qty_{self.line.id}": "9"})
        self.assertEqual(self.statement.correction_ids.mapped("state"), ["replaced", "open"])
        self.assertNotIn("Confirm the Statement", self.url_open(self.url).text)
        correction = self.statement.correction_ids.filtered(lambda one: one.state == "open")
        self.statement.sudo()._refuse(correction, "Signed for 10")
        self.assertIn("Signed for 10", self.url_open(self.url).text)

    def test_what_cannot_be_read(self):
        self._login()
        self.assertIn("is no number", self._post("correct", **{f"qty_{self.line.id}": "eight"}))
        for digits in (30, 400, 5_000):
            for kind in ("qty", "price"):
                self.assertIn("is no number", self._post("correct", **{f"{kind}_{self.line.id}": "9" * digits}))
        self.assertIn("not on the statement any more", self._post("correct", **{"qty_99999999": "8"}))
        self.assertIn("not on the statement any more", self._post("correct", **{"qty_" + "9" * 5_000: "8"}))
        self.assertIn(self.statement.name, self.url_open(f"{self.url}?page={'9' * 5_000}").text)
        self.assertIn("Nothing is corrected", self._post("correct"))
        self.assertIn("Write your name", self._post("confirm", name=" "))
        self.assertFalse(self.statement.correction_ids)
        self.assertEqual(self.statement.state, "sent")

    def test_too_much(self):
        """A stranger with the link cannot fill the database: names and remarks are cut, large files refused."""
        self.authenticate(None, None)
        token = self.statement.access_token
        self._post(
            "correct", token, name="N" * 10_000, remark="R" * 100_000, **{f"remark_{self.line.id}": "L" * 100_000}
        )
        corrections = self.statement.correction_ids
        self.assertEqual(set(map(len, corrections.mapped("author"))), {100})
        self.assertEqual(set(map(len, corrections.mapped("remark"))), {2000})
        page = self._post("upload", token, files={"file": ("x.xlsx", b"PK" + b"x" * (6 << 20))})
        self.assertIn("has more than 5 MB", page)

    def test_sent_anew_while_somebody_looks(self):
        """The page of the version before is answered: told so, and nothing is noted."""
        self._login()
        page = self.url_open(self.url).text
        version = re.search(r'name="version"[^>]*value="(\d+)"', page)[1]
        self.statement.with_user(self.assistant).action_reissue()
        for what in ("confirm", "correct"):
            answer = self._post(what, version=version, **{f"qty_{self.line.id}": "8"})
            self.assertIn("was sent anew while you looked at it", answer)
        self.assertEqual((self.statement.state, self.statement.version), ("sent", 2))

    def test_spreadsheet_given_back(self):
        book = openpyxl.load_workbook(BytesIO(base64.b64decode(self.statement.issue_ids.sheet)))
        sheet = book.active
        heading = next(row for row in sheet.iter_rows() if row[0].value == "No.")
        column = next(cell.column for cell in heading if cell.value == "Right Price")
        sheet.cell(heading[0].row + 1, column, 9.25)
        output = BytesIO()
        book.save(output)
        self._login()
        file = {"file": ("statement.xlsx", output.getvalue())}
        self.assertIn("we look at your corrections", self._post("upload", files=file))
        self.assertEqual(self.statement.correction_ids.price_unit, 9.25)
        self.assertIn("alert-danger", self._post("upload", files={"file": ("x.xlsx", b"x")}))
