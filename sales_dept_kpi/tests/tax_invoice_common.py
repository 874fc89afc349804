import base64
from datetime import datetime
from itertools import count

from odoo.fields import Command

from .kpi_common import KpiCommon

PDF = base64.b64encode(b"%PDF-1.4\n%%EOF\n")
SOLD = datetime(2026, 3, 10, 4)


class TaxInvoiceCommon(KpiCommon):
    """A company in Shanghai with books and goods, that registers tax-office invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._keep_books()
        cls._keep_stock()
        cls.TaxInvoice = cls.env["sales.tax.invoice"]
        cls.numbers = count(26312000000000000001)
        cls.customer.user_id = cls.manager1

    @classmethod
    def _tax_invoice(cls, amount=100.0, day="2026-03-20", user=None, state="issued", moves=None, **vals):
        """A tax-office invoice of `amount`, on which ``{move: amount}`` stand."""
        invoice = cls.TaxInvoice.with_user(user or cls.finance).create(
            {
                "number": str(next(cls.numbers)),
                "date": day,
                "partner_id": cls.customer.id,
                "amount_untaxed": amount,
                "line_ids": [
                    Command.create({"move_id": move.id, "amount": part}) for move, part in (moves or {}).items()
                ],
                **vals,
            }
        )
        if state == "issued":
            invoice.with_user(cls.finance).action_issue()
        return invoice

    @classmethod
    def _red(cls, blue, amount, day="2026-03-25", **vals):
        return cls._tax_invoice(-amount, day, blue_id=blue.id, **vals)

    @classmethod
    def _hand_over(cls, user=None, tax_invoices=None, moves=None, method="in_person", **vals):
        dialog = (tax_invoices if tax_invoices is not None else moves).with_user(user or cls.assistant)
        action = dialog.action_hand_over()
        dialog = dialog.env["sales.invoice.hand.over"].browse(action["res_id"])
        dialog.write({"method": method, "receiver": "Mr. Xu", **vals})
        dialog.action_confirm()
        return cls.env["sales.invoice.handover"].search([], order="id desc", limit=1)
