import base64
import io

from PIL import Image, ImageDraw

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..models.approval.proof import decoded, is_drawing, is_paper
from .common import SalesDeptCommon


def _picture(kind="PNG", mode="RGBA", background=(255, 255, 255, 0), ink=(0, 0, 0, 255), size=(300, 100)):
    image = Image.new(mode, size, background[: len(mode)])
    if ink:
        ImageDraw.Draw(image).line([(10, 80), (150, 20), (290, 80)], fill=ink[: len(mode)], width=3)
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0 L9 9"/></svg>'
DRAWINGS = {
    "drawn in the browser": _picture(),
    "scanned": _picture("JPEG", "RGB"),
    "blue ink": _picture(ink=(0, 0, 200, 255)),
    "on black": _picture(background=(0, 0, 0, 255), ink=(255, 255, 255, 255)),
}
NO_DRAWINGS = {
    "nothing": b"",
    "text": b"signed",
    "vector image": SVG,
    "PDF": b"%PDF-1.4 signed",
    "transparent": _picture(ink=None),
    "white": _picture("JPEG", "RGB", ink=None),
    "white on white": _picture(ink=(255, 255, 255, 255)),
    "cut off": _picture()[:60],
}
PAPERS = {
    "PDF": b"%PDF-1.7 contract",
    "PNG": _picture(ink=None),
    "JPEG": _picture("JPEG", "RGB"),
    "TIFF": b"II*\0scan",
}
NO_PAPERS = {"text": b"contract", "vector image": SVG, "web page": b"<html>%PDF</html>", "spaces": b"   "}
# As RPC takes them: not base64, base64 of nothing.
NO_BYTES = [b"!!!!", b"====", "!!!!"]


@tagged("post_install", "-at_install")
class TestProof(SalesDeptCommon):
    """What proves something decodes as what it claims to be, on every path."""

    def test_table(self):
        for is_valid, table, expected in (
            (is_drawing, DRAWINGS, True),
            (is_drawing, NO_DRAWINGS, False),
            (is_paper, PAPERS, True),
            (is_paper, NO_PAPERS, False),
        ):
            for name, raw in table.items():
                with self.subTest(check=is_valid.__name__, file=name):
                    self.assertEqual(is_valid(raw), expected)
        self.assertEqual([decoded(data) for data in (False, *NO_BYTES)], [b""] * 4)
        self.assertEqual(decoded(base64.encodebytes(PAPERS["JPEG"])), PAPERS["JPEG"])
        self.assertEqual(decoded(base64.b64encode(SVG).decode()), SVG)

    # Odoo's own words, for what it cannot read as a picture.
    REFUSED = "drawn signature is|decoded as an image"

    def _refused_drawings(self):
        return [*NO_BYTES, *(base64.b64encode(raw) for raw in NO_DRAWINGS.values() if raw)]

    def test_drawn_signature_that_is_required(self):
        self.flow.step_ids.signature_required = True
        order = self._create_quotation()
        order.action_approval_submit()
        approval = order.sudo().approval_ids
        refused = self._refused_drawings()
        self.assertGreater(len(refused), 8)
        for signature in refused:
            with self.subTest(signature=signature[:30]):
                with self.assertRefused(self.REFUSED):
                    order.with_user(self.gm).action_approval_approve(signature=signature)
                with self.assertRefused(self.REFUSED):
                    self._decide_in_the_dialog(approval, signature)
        self.assertEqual(order.approval_state, "pending")
        order.with_user(self.gm).action_approval_approve(signature=base64.b64encode(DRAWINGS["blue ink"]))
        self.assertEqual(order.approval_state, "approved")
        self.assertTrue(is_drawing(base64.b64decode(approval.decision_ids.signature)))

    def _decide_in_the_dialog(self, approval, signature):
        dialog = (
            self.env["sales.approval.decide"]
            .with_user(self.gm)
            .create({"approval_ids": approval.ids, "outcome": "approved", "signature": signature})
        )
        # What is no picture for Odoo either is dropped by the dialog, and then asked for.
        dialog.action_decide()

    def test_drawn_signature_of_the_preferences(self):
        for signature in NO_BYTES:
            # Odoo takes no picture from them.
            self.gm.with_user(self.gm).write({"sales_dept_signature": signature})
            self.env.invalidate_all()
            self.assertFalse(self.gm.sales_dept_signature)
        for signature in self._refused_drawings()[len(NO_BYTES) :]:
            with self.subTest(signature=signature[:30]), self.assertRefused(self.REFUSED):
                self.gm.with_user(self.gm).write({"sales_dept_signature": signature})
        self.gm.with_user(self.gm).write({"sales_dept_signature": base64.b64encode(DRAWINGS["scanned"])})
        self.gm.with_user(self.gm).write({"sales_dept_signature": False})

    def _paper_doors(self):
        """Ways in which a paper comes to its place: ``{name: function of the base64 content}``."""
        order = self._create_quotation()
        agreement = self.env["sales.agreement"].create(
            {"partner_id": self.customer.id, "subject": "Frame", "kind": "sales"}
        )
        licence = {"partner_id": self.customer.id}
        return {
            "contract written": lambda data: order.write({"signed_contract": data}),
            "contract created": lambda data: self._create_quotation(signed_contract=data),
            "scan written": lambda data: agreement.write({"signed_scan": data}),
            "scan created": lambda data: self.env["sales.agreement"].create(
                {"partner_id": self.customer.id, "subject": "Frame", "kind": "sales", "signed_scan": data}
            ),
            "scan imported": lambda data: self._import(
                [["Frame", "Test Customer Ltd", "Sales", data if isinstance(data, str) else data.decode()]]
            ),
            "paper created": lambda data: self.env["res.partner.paper"].create({**licence, "file": data}),
            "paper written": lambda data: self.env["res.partner.paper"].create(licence).write({"file": data}),
        }

    def _import(self, rows):
        result = self.env["sales.agreement"].load(["subject", "partner_id", "kind", "signed_scan"], rows)
        if not result["ids"]:
            raise ValidationError(" ".join(message["message"] for message in result["messages"]))

    def test_papers(self):
        doors = self._paper_doors()
        self.assertGreater(len(doors), 6)
        for door, put in doors.items():
            for data in [*NO_BYTES, *(base64.b64encode(raw) for raw in NO_PAPERS.values())]:
                with (
                    self.subTest(door=door, data=data[:30]),
                    self.assertRefused("neither a PDF nor a picture", ValidationError),
                ):
                    put(data)
            for name, raw in PAPERS.items():
                with self.subTest(door=door, file=name):
                    put(base64.b64encode(raw))

    def test_form(self):
        order = self._create_quotation()
        with Form(order.with_user(self.manager1), "sales_dept_roles.view_sale_order_signed_contract_form") as form:
            form.signed_contract = base64.b64encode(PAPERS["PDF"])
        self.assertTrue(order.signed_contract)
