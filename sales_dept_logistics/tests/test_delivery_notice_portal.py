import base64
import io

from PIL import Image

from odoo.tests import HttpCase, tagged

from .delivery_notice_common import DeliveryNoticeCommon


def drawing():
    picture = Image.new("RGB", (40, 20), "white")
    picture.paste("black", (5, 5, 30, 10))
    output = io.BytesIO()
    picture.save(output, "PNG")
    return base64.b64encode(output.getvalue()).decode()


@tagged("post_install", "-at_install")
class TestDeliveryNoticePortal(DeliveryNoticeCommon, HttpCase):
    """The customer sees what left for her, and signs for it once."""

    def setUp(self):
        super().setUp()
        self.portal_user.password = "portal_test"  # noqa: S105 # a login of this test
        order = self._order(10, client_order_ref="PO-7")
        self.notice = self._notice((order.order_line, 10))
        self.order = order

    def _sign_on_portal(self, **params):
        return self.make_jsonrpc_request(
            f"/my/deliveries/{self.notice.id}/sign", {"name": "Ms Zhao", "signature": drawing(), **params}
        )

    def test_not_before_it_left(self):
        self.authenticate("portal_test", "portal_test")
        page = self.url_open(f"/my/deliveries/{self.notice.id}")
        self.assertNotIn("Sign for the goods", page.text)
        self.assertIn("error", self._sign_on_portal())
        self.assertNotIn(self.notice.name, self.url_open("/my/deliveries").text)
        self.assertFalse(self.notice.with_user(self.portal_user).search([]))

    def test_signed_once(self):
        """A7: a second signature is refused, and the first one stays."""
        self._ship(self.order.picking_ids)
        self.authenticate("portal_test", "portal_test")
        self.assertIn(self.notice.name, self.url_open("/my/deliveries").text)
        page = self.url_open(f"/my/deliveries/{self.notice.id}").text
        self.assertIn("PO-7", page)
        self.assertIn("Sign for the goods", page)
        for missing in ({"name": " "}, {"signature": None}):
            self.assertIn("error", self._sign_on_portal(**missing))
        self.assertIn("redirect_url", self._sign_on_portal())
        self.notice.invalidate_recordset()
        self.assertEqual((self.notice.state, self.notice.signed_by), ("signed", "Ms Zhao"))
        self.assertEqual(self.notice.sign_source, "portal")
        self.assertIn("error", self._sign_on_portal(name="Somebody Else"))
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.signed_by, "Ms Zhao")
        self.assertIn("Ms Zhao", self.url_open(f"/my/deliveries/{self.notice.id}").text)

    def test_by_token_only(self):
        self._ship(self.order.picking_ids)
        token = self.notice.sudo()._portal_ensure_token()
        self.assertNotIn("Sign for the goods", self.url_open(f"/my/deliveries/{self.notice.id}").text)
        self.assertIn("error", self._sign_on_portal())
        self.assertIn("error", self._sign_on_portal(access_token="x" * 36))
        page = self.url_open(f"/my/deliveries/{self.notice.id}?access_token={token}").text
        self.assertIn("Sign for the goods", page)
        self.assertIn("redirect_url", self._sign_on_portal(access_token=token))

    def test_scribble_is_no_signature(self):
        self._ship(self.order.picking_ids)
        self.authenticate("portal_test", "portal_test")
        self.assertIn("error", self._sign_on_portal(signature=base64.b64encode(b"!!!!").decode()))
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.state, "shipped")

    def test_another_customer(self):
        self._ship(self.order.picking_ids)
        other = self.env["res.partner"].create({"name": "Other Ltd", "is_company": True})
        self.portal_user.partner_id.parent_id = other
        self.authenticate("portal_test", "portal_test")
        self.assertNotIn(self.notice.name, self.url_open("/my/deliveries").text)
        self.assertIn("error", self._sign_on_portal())
        self.assertFalse(self.notice.with_user(self.portal_user).has_access("read"))
