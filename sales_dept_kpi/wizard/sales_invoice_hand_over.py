from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ROLES = (
    "sales_dept_roles.group_assistant",
    "sales_dept_roles.group_account_manager",
    "sales_dept_roles.group_director",
    "sales_dept_roles.group_general_manager",
    "sales_dept_roles.group_finance_verifier",
)


class SalesInvoiceHandOver(models.TransientModel):
    """Say how invoices get to the customer; sent by mail, they go from here."""

    _name = "sales.invoice.hand.over"
    _description = "Hand Over Invoices"

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    method = fields.Selection(
        [("mail", "Mail"), ("courier", "Courier"), ("in_person", "In Person")], "How", required=True, default="mail"
    )
    date = fields.Datetime(
        "Handed Over On", required=True, default=fields.Datetime.now, help="When it left; of a mail, when it is sent."
    )
    contact_id = fields.Many2one(
        "res.partner", "Recipient", domain="['|', ('id', '=', partner_id), ('commercial_partner_id', '=', partner_id)]"
    )
    receiver = fields.Char("Received By", compute="_compute_receiver", store=True, readonly=False, help="Who took it.")
    email = fields.Char(compute="_compute_receiver", store=True, readonly=False)
    carrier = fields.Char("Courier")
    tracking_number = fields.Char("Courier's Number")
    note = fields.Text()
    tax_invoice_ids = fields.Many2many("sales.tax.invoice", string="Tax-Office Invoices")
    move_ids = fields.Many2many("account.move", string="Invoices in Odoo")

    @api.depends("contact_id")
    def _compute_receiver(self):
        for dialog in self:
            dialog.receiver = dialog.contact_id.name or dialog.receiver
            dialog.email = dialog.contact_id.email or dialog.email

    @api.model
    def _open(self, tax_invoices=None, moves=None):
        """Return the action that opens the dialog for documents of one customer."""
        tax_invoices = tax_invoices if tax_invoices is not None else self.env["sales.tax.invoice"]
        moves = moves if moves is not None else self.env["account.move"]
        partners = (tax_invoices.partner_id | moves.partner_id).commercial_partner_id
        if len(partners) != 1:
            raise UserError(self.env._("Choose invoices of one customer: they are handed over to one."))
        dialog = self.create(
            {
                "partner_id": partners.id,
                "contact_id": self._invoice_contact(partners).id,
                "tax_invoice_ids": [fields.Command.set(tax_invoices.ids)],
                "move_ids": [fields.Command.set(moves.ids)],
                "method": "mail" if tax_invoices._prepare_files() else "in_person",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over"),
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _invoice_contact(self, partner):
        return partner.browse(partner.address_get(["invoice"])["invoice"])

    def action_confirm(self):
        """Log it and, by mail, send the files."""
        self.ensure_one()
        self._check_may()
        if message := self._error_message():
            raise UserError(message)
        handover = self.env["sales.invoice.handover"]._log(
            self._prepare_values(), tax_invoices=self.tax_invoice_ids, moves=self.move_ids
        )
        if self.method == "mail":
            handover._send()
        return {"type": "ir.actions.act_window_close"}

    def _check_may(self):
        """Whoever reads the documents and works in the department, or in finance, hands them over."""
        self.tax_invoice_ids.check_access("read")
        self.move_ids.check_access("read")
        if not self.env.su and not any(map(self.env.user.has_group, ROLES)):
            raise AccessError(self.env._("The sales department and finance hand invoices over."))

    def _error_message(self):
        """Return why this cannot be handed over so, or False."""
        if not self.tax_invoice_ids and not self.move_ids:
            return self.env._("Choose what is handed over.")
        partners = (self.tax_invoice_ids.partner_id | self.move_ids.partner_id).commercial_partner_id
        companies = self.tax_invoice_ids.company_id | self.move_ids.company_id
        if len(partners) != 1 or len(companies) != 1:
            return self.env._("Choose invoices of one customer: they are handed over to one.")
        if unissued := self.tax_invoice_ids.filtered(lambda invoice: invoice.state in ("draft", "void")):
            return self.env._(
                "%(invoice)s is not issued: there is nothing to hand over yet.", invoice=unissued[0].display_name
            )
        if unposted := self.move_ids.filtered(
            lambda move: move.state != "posted" or not move.is_sale_document(include_receipts=True)
        ):
            return self.env._("%(move)s is no posted invoice to a customer.", move=unposted[0].display_name)
        return self._method_error_message()

    def _method_error_message(self):
        if self.date > fields.Datetime.now():
            return self.env._("What is handed over later is logged then: correct the date.")
        if self.method == "courier" and not (self.tracking_number or "").strip():
            return self.env._("Enter the courier's number, by which the parcel is found.")
        if self.method == "in_person" and not (self.receiver or "").strip():
            return self.env._("Say who received it.")
        if self.method == "mail" and not self.email:
            return self.env._("Enter the mail address that the files go to.")
        if self.method == "mail" and not self.tax_invoice_ids._prepare_files():
            return self.env._(
                "There is no file to send: attach the PDF, OFD or XML to the tax-office invoice, or send Odoo's "
                "invoice from its own form and hand over in another way."
            )
        return False

    def _prepare_values(self):
        is_mail, is_courier = self.method == "mail", self.method == "courier"
        return {
            "method": self.method,
            "date": fields.Datetime.now() if is_mail else self.date,
            "handed_by_id": self.env.uid,
            "receiver": (self.receiver or "").strip() or self.contact_id.name,
            "email": is_mail and self.email,
            "carrier": is_courier and self.carrier,
            "tracking_number": is_courier and self.tracking_number.strip(),
            "note": self.note,
        }
