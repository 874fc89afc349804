from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class SalesInvoiceHandover(models.Model):
    """That invoices got to the customer: which, how, when, by whom and to whom. A log: nothing in it is rewritten.

    It is made by the dialog, and by the portal where the customer downloads a file.
    """

    _name = "sales.invoice.handover"
    _description = "Handing Over of Invoices"
    _inherit = ["sales.dept.protected.mixin", "sales.dept.register.mixin"]
    _order = "date desc, id desc"
    _rec_name = "documents"

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, readonly=True, ondelete="restrict"
    )
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True, index="btree_not_null")
    method = fields.Selection(
        [
            ("mail", "Mail"),
            ("courier", "Courier"),
            ("in_person", "In Person"),
            ("portal", "Downloaded from the Portal"),
        ],
        "How",
        required=True,
        readonly=True,
        index=True,
    )
    date = fields.Datetime("Handed Over On", required=True, readonly=True, index=True)
    handed_by_id = fields.Many2one(
        "res.users", "Handed Over By", readonly=True, index="btree_not_null", help="Empty: the customer fetched it."
    )
    receiver = fields.Char("Received By", readonly=True, help="Who received it.")
    email = fields.Char(readonly=True)
    carrier = fields.Char("Courier", readonly=True)
    tracking_number = fields.Char("Courier's Number", readonly=True)
    note = fields.Text(readonly=True)
    tax_invoice_ids = fields.Many2many("sales.tax.invoice", string="Tax-Office Invoices", readonly=True)
    move_ids = fields.Many2many("account.move", string="Invoices in Odoo", readonly=True)
    documents = fields.Char(
        "Documents Handed Over", readonly=True, required=True, help="What was handed over, as it was called then."
    )

    _courier_numbered = models.Constraint(
        "CHECK (method <> 'courier' OR tracking_number IS NOT NULL)",
        "What goes by courier is found by its number: enter it.",
    )

    @api.depends("documents", "method")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = handover.documents or self.env._("Handing Over")

    def write(self, vals):
        if vals:
            raise AccessError(
                self.env._("The log of what was handed over is not rewritten: hand over again, and say why in a note.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise AccessError(self.env._("The log of what was handed over is kept."))

    def _files_on_record(self):
        """The files that went out with it."""
        return super()._files_on_record() | self.env["ir.attachment"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("res_field", "=", False)]
        )

    @api.model
    @api.private
    def _log(self, values, tax_invoices=None, moves=None):
        """Log that documents of one customer were handed over; whoever calls it has looked at who says so.

        :param dict values: `method`, `date`, `handed_by_id`, `receiver` and what else is known
        """
        log = without_client_context(self).sudo()
        tax_invoices = log.env["sales.tax.invoice"].browse(tax_invoices and tax_invoices.ids)
        moves = log.env["account.move"].browse(moves and moves.ids)
        first = (tax_invoices or moves)[0]
        moves_of_all = moves | tax_invoices.line_ids.move_id
        return log.create(
            {
                **values,
                "company_id": first.company_id.id,
                "partner_id": first.partner_id.commercial_partner_id.id,
                "user_id": (tax_invoices.user_id[:1] or moves_of_all.invoice_user_id[:1]).id,
                "tax_invoice_ids": [fields.Command.set(tax_invoices.ids)],
                "move_ids": [fields.Command.set(moves.ids)],
                "documents": ", ".join([*tax_invoices.mapped("display_name"), *moves.mapped("display_name")]),
            }
        )

    def _send(self):
        """Mail the files to the customer, in the customer's language; the log keeps what was sent."""
        self.ensure_one()
        files = self.env["ir.attachment"].create(
            [{**values, "res_model": self._name, "res_id": self.id} for values in self.tax_invoice_ids._prepare_files()]
        )
        template = self.env.ref("sales_dept_kpi.mail_template_invoice_handover")
        template.send_mail(self.id, force_send=False, email_values={"attachment_ids": files.ids})
        return files

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Invoices Handed Over")

    @api.model
    def _register_columns(self):
        return [
            "date",
            "partner_id",
            "documents",
            "method",
            "receiver",
            "email",
            "carrier",
            "tracking_number",
            "handed_by_id",
            "user_id",
            "note",
            "company_id",
        ]
