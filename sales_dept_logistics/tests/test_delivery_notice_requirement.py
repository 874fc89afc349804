from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .delivery_notice_common import DeliveryNoticeCommon


@tagged("post_install", "-at_install")
class TestDeliveryNoticeRequirement(DeliveryNoticeCommon):
    """Files of what is required go to the warehouse with the notice, and stay as they were."""

    def _file(self, user=None, **vals):
        files = self.env["ir.attachment"].with_user(user or self.manager1)
        return files.create({"name": "label.pdf", "raw": b"%PDF-1", **vals})

    def _with_file(self, state="issued"):
        return self._notice(
            (self._order(10).order_line, 5), state=state, label_file_ids=[Command.link(self._file().id)]
        )

    def test_read_with_the_notice(self):
        notice = self._with_file()
        self.assertEqual(notice.label_file_ids.mapped("name"), ["label.pdf"])
        for user in (self.keeper, self.assistant, self.engineering):
            self.assertEqual(notice.with_user(user).label_file_ids.raw, b"%PDF-1", user.login)
        for user in (self.manager2, self.outsider, self.portal_user):
            with self.assertRaises(AccessError):
                notice.label_file_ids.with_user(user).read(["raw"])
        docs = notice.with_user(self.keeper)
        html = docs.env["ir.qweb"]._render("sales_dept_logistics.report_delivery_notice", {"docs": docs})
        self.assertIn("label.pdf", html)

    def test_colleagues_open_a_draft(self):
        """A file that was uploaded before the notice was saved belongs to whoever did it: the notice has its own."""
        notice = self._with_file("draft")
        colleague = notice.with_user(self.assistant)
        self.assertEqual(colleague.label_file_ids.read(["name"])[0]["name"], "label.pdf")
        self.assertEqual(notice.label_file_ids.mapped("res_id"), notice.ids)

    def test_frozen_once_issued(self):
        notice = self._with_file()
        file = notice.label_file_ids
        with self.assertRefused("was issued"):
            notice.label_file_ids = [Command.clear()]
        for user in (self.manager1, self.keeper):
            with self.assertRefused("on record", AccessError):
                file.with_user(user).unlink()
            with self.assertRefused("on record", AccessError):
                file.with_user(user).raw = b"%PDF-2"
        notice.with_user(self.keeper).action_send_back("Wrong labels")
        notice.label_file_ids = [Command.clear(), Command.link(self._file(raw=b"%PDF-3").id)]
        notice.action_issue()
        self.assertEqual(notice.with_user(self.keeper).label_file_ids.raw, b"%PDF-3")

    def test_no_file_of_others_is_taken(self):
        """Whoever puts a file there reads it: no id brings to light what is somebody else's."""
        secret = self._file(self.director)
        with self.assertRaises(AccessError):
            self._notice((self._order(10).order_line, 5), state="draft", document_file_ids=[Command.link(secret.id)])
        notice = self._notice((self._order(10).order_line, 5), state="draft")
        with self.assertRaises(AccessError):
            notice.packing_file_ids = [Command.link(secret.id)]

    def test_copy_has_its_own(self):
        notice = self._with_file()
        copy = notice.copy()
        self.assertEqual(copy.label_file_ids.mapped("name"), ["label.pdf"])
        self.assertFalse(copy.label_file_ids & notice.label_file_ids)
