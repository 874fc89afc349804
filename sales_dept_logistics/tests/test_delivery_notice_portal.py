import base64
import io
from datetime import timedelta

from PIL import Image

from odoo.http import Request
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

    # === THE LINK ENDS === #

    def _ship_and_hand_out_link(self):
        """Ship, and return the token of the link that the customer was given."""
        self._ship(self.order.picking_ids)
        self.authenticate(None, None)
        return self.notice.sudo()._portal_ensure_token()

    def _end_link(self):
        self.notice.sudo()._write_protected({"link_until": self.company._local_today() - timedelta(days=1)})
        self.env.flush_all()

    def _page(self, token, address=None):
        address = address or f"/my/deliveries/{self.notice.id}"
        return self.url_open(f"{address}{'&' if '?' in address else '?'}access_token={token}").text

    def _ask_for_link(self, token):
        page = self.url_open(
            f"/my/link/sale.delivery.notice/{self.notice.id}",
            data={"access_token": token, "csrf_token": Request.csrf_token(self)},
        ).text
        self.env.invalidate_all()
        return page

    def _link_mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "sale.delivery.notice"), ("res_id", "=", self.notice.id), ("subject", "ilike", "New link")]
        )

    def test_link_holds_as_long_as_the_company_says(self):
        self.company.sales_dept_link_days = 5
        token = self._ship_and_hand_out_link()
        self.assertEqual(self.notice.link_until, self.company._local_today() + timedelta(days=5))
        self.assertIn("Sign for the goods", self._page(token))

    def test_link_that_ended_says_so(self):
        """With it goods are neither looked at nor signed for; whoever logs in needs none."""
        token = self._ship_and_hand_out_link()
        self._end_link()
        for address in (None, f"/mail/view?model=sale.delivery.notice&res_id={self.notice.id}"):
            page = self._page(token, address)
            self.assertIn("This link holds no longer", page)
            self.assertNotIn(self.notice.name, page)
        self.assertIn(f"access_token={token}", self._sign_on_portal(access_token=token)["redirect_url"])
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.state, "shipped")
        # A stranger hears nothing.
        self.assertNotIn("holds no longer", self._page("x" * 36))
        self.assertIn("not to be found", self._sign_on_portal(access_token="x" * 36)["error"])
        self.authenticate("portal_test", "portal_test")
        self.assertIn("Sign for the goods", self._page(token))

    def test_link_asked_for_anew(self):
        """It goes to the address on record, once; the old one never opens anything again."""
        token = self._ship_and_hand_out_link()
        self._ask_for_link(token)
        self.assertFalse(self._link_mails(), "one that holds needs no other")
        self._end_link()
        self._ask_for_link("x" * 36)
        self.assertFalse(self._link_mails(), "a stranger gets none")
        for _time in range(2):
            self.assertIn("on its way", self._ask_for_link(token))
        [mail] = self._link_mails()
        self.assertEqual(mail.recipient_ids, self.customer)
        new = self.notice.access_token
        self.assertNotEqual(new, token)
        self.assertIn(f"access_token={new}", mail.body_html)
        self.assertIn("This link holds no longer", self._page(token))
        self.assertIn("redirect_url", self._sign_on_portal(access_token=new))
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.state, "signed")

    def test_link_before_the_goods_left(self):
        """Nobody is sent a link to what the customer does not see yet."""
        self.authenticate(None, None)
        token = self.notice.sudo()._portal_ensure_token()
        self._end_link()
        self.assertNotIn("holds no longer", self._page(token))
        self._ask_for_link(token)
        self.assertFalse(self._link_mails())

    def test_link_begins_anew_with_a_mail_outside(self):
        token = self._ship_and_hand_out_link()
        self._end_link()
        notice = self.notice.sudo()
        notice.message_post(body="For us", subtype_xmlid="mail.mt_note", partner_ids=self.manager1.partner_id.ids)
        self.assertFalse(notice._link_holds())
        notice.message_post(body="For you", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids)
        self.assertTrue(notice._link_holds())
        self.assertNotEqual(notice.access_token, token)

    def test_link_and_the_chatter(self):
        token = self._ship_and_hand_out_link()
        Notice = self.env["sale.delivery.notice"].with_user(self.env.ref("base.public_user"))
        self.assertTrue(Notice._get_thread_with_access(self.notice.id, token=token))
        self._end_link()
        self.assertFalse(Notice._get_thread_with_access(self.notice.id, token=token))

    def test_links_from_before_links_ended(self):
        """As at an upgrade: those that were handed out hold for 60 days, the others get their days when they are."""
        self._ship_and_hand_out_link()
        other = self._notice((self._order(1).order_line, 1)).sudo()
        (self.notice.sudo() | other)._write_protected({"link_until": False})
        self.env.flush_all()
        self.env["sale.delivery.notice"]._init_column("link_until")
        self.env.invalidate_all()
        self.assertEqual(self.notice.link_until, self.company._local_today() + timedelta(days=60))
        self.assertFalse(other.link_until)

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

    # === WHAT DID NOT ARRIVE IN ORDER === #

    def _amiss(self, line=None, **values):
        return [{"line_id": (line or self.notice.line_ids).id, **values}]

    def _ship_and_log_in(self):
        self._ship(self.order.picking_ids)
        self.authenticate("portal_test", "portal_test")

    def test_says_what_is_amiss(self):
        self._ship_and_log_in()
        answer = self._sign_on_portal(
            received=self._amiss(qty_damaged="1", qty_lost="2", qty_refused="", sign_reason=" Wet carton ")
        )
        self.assertIn("redirect_url", answer)
        self.notice.invalidate_recordset()
        line = self.notice.line_ids
        self.assertEqual((line.qty_received, line.qty_damaged, line.qty_lost, line.qty_refused), (7, 1, 2, 0))
        self.assertEqual(line.sign_reason, "Wet carton")
        self.assertTrue(line.is_short)
        self.assertIn("Wet carton", self.notice.sudo().activity_ids.note)
        page = self.url_open(f"/my/deliveries/{self.notice.id}").text
        self.assertIn("Wet carton", page)
        self.assertIn("error", self._sign_on_portal(received=self._amiss(qty_lost="5", sign_reason="Again")))
        line.invalidate_recordset()
        self.assertEqual(line.qty_lost, 2, "signed once")

    def test_bad_input_leaves_nothing_behind(self):
        gear = self._order(5, self.gear)
        self.notice = self._notice((self._order(10).order_line, 10), (gear.order_line, 5))
        self._ship(self.notice.picking_ids)
        self.authenticate("portal_test", "portal_test")
        first, second = self.notice.line_ids
        good = self._amiss(first, qty_damaged="1", sign_reason="Wet")
        for bad, sentence in (
            (self._amiss(second, qty_damaged="6", sign_reason="Wet"), "makes 6"),
            (self._amiss(second, qty_damaged="1"), "say why"),
            (self._amiss(second, qty_damaged="1", sign_reason="  "), "say why"),
            (self._amiss(second, qty_damaged="-1", sign_reason="Wet"), "is no quantity"),
            (self._amiss(second, qty_damaged="2,5", sign_reason="Wet"), "is no quantity"),
            (self._amiss(second, qty_damaged="nan", sign_reason="Wet"), "is no quantity"),
            (self._amiss(second, qty_damaged=-1, sign_reason="Wet"), "is no quantity"),
            (self._amiss(self._notice((self._order(1).order_line, 1)).line_ids, qty_lost="1"), "do not stand on this"),
            ([{"line_id": [1]}], "do not stand on this"),
            ([{}], "do not stand on this"),
            ("x", "cannot be read"),
            (["x"], "cannot be read"),
        ):
            with self.subTest(sentence=sentence, bad=bad):
                rows = good + bad if isinstance(bad, list) else bad
                self.assertIn(sentence, self._sign_on_portal(received=rows)["error"])
                self.notice.invalidate_recordset()
                first.invalidate_recordset()
                self.assertEqual((self.notice.state, self.notice.signed_by), ("shipped", False))
                self.assertEqual((first.qty_damaged, first.sign_reason), (0, False))

    def test_scribble_leaves_nothing_behind(self):
        self._ship_and_log_in()
        self.assertIn("error", self._sign_on_portal(signature=base64.b64encode(b"!!!!").decode()))
        self.notice.invalidate_recordset()
        self.assertFalse(self.notice.signed_by)
        self.assertFalse(self.notice.line_ids.qty_received)

    def test_script_is_text(self):
        self._ship_and_log_in()
        script = "<script>alert(1)</script>"
        self._sign_on_portal(name=f"Zhao {script}", received=self._amiss(qty_lost="1", sign_reason=script))
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.line_ids.sign_reason, script)
        page = self.url_open(f"/my/deliveries/{self.notice.id}").text
        self.assertNotIn(script, page)
        self.assertIn("&lt;script&gt;alert(1)", page)
        told = self.notice.sudo().activity_ids.note + "".join(self.notice.sudo().message_ids.mapped("body"))
        self.assertNotIn("<script", told)

    def test_goods_of_another_customer(self):
        """Nothing is written down on a notice that is not hers, with the line's id or without."""
        self._ship(self.order.picking_ids)
        self.portal_user.partner_id.parent_id = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self.authenticate("portal_test", "portal_test")
        self.assertIn("not to be found", self._sign_on_portal(received=self._amiss(qty_lost="1"))["error"])
        self.notice.invalidate_recordset()
        self.assertEqual(self.notice.state, "shipped")

    def test_note_is_in_the_readers_language(self):
        """The account manager reads it, whatever language the customer signed in."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["sales_dept_logistics"], ["zh_CN"])
        cases = (("zh_CN", "en_US", "签收</p>"), ("en_US", "zh_CN", "Signed for by Ms Zhao"))
        for manager, customer, expected in cases:
            self.manager1.lang, self.portal_user.lang = manager, customer
            order = self._order(1)
            self.notice = self._notice((order.order_line, 1))
            self._ship(order.picking_ids)
            self.authenticate("portal_test", "portal_test")
            self.assertIn("redirect_url", self._sign_on_portal())
            note = self.notice.sudo().message_ids.filtered(lambda message: "Ms Zhao" in message.body)
            self.assertIn(expected, note.body)
            self.assertEqual(note.author_id, self.portal_user.partner_id)

    def test_quantities_in_the_readers_notation(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.portal_user.lang = "de_DE"
        self._ship_and_log_in()
        self._sign_on_portal(received=self._amiss(qty_lost="2,5", sign_reason="Weg"))
        self.notice.line_ids.invalidate_recordset()
        self.assertEqual(self.notice.line_ids.qty_lost, 2.5)
