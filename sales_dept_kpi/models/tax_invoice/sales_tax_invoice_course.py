from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .sales_tax_invoice import DIGITAL, VALID

ISSUER = "sales_dept_roles.group_finance_verifier"


class SalesTaxInvoice(models.Model):
    """Its way: issued by finance, handed over, taken back by a red letter or, on paper, voided."""

    _inherit = "sales.tax.invoice"

    @api.model
    def _user_issues(self):
        return self.env.su or self.env.user.has_group(ISSUER)

    def _check_issues(self):
        if not self._user_issues():
            raise AccessError(
                self.env._("Finance issues tax-office invoices: register a draft, and ask for it to be issued.")
            )

    # === ISSUED === #

    def action_issue(self):
        self.check_access("write")
        self._check_issues()
        for invoice in self:
            if message := invoice._issue_error_message():
                raise UserError(message)
        self._write_protected({"state": "issued", "issued_by_id": self.env.uid})
        self._check_red()
        self.blue_id._follow_red()
        return True

    def _issue_error_message(self):
        """Return why the invoice cannot be issued, or False."""
        self.ensure_one()
        if self.state != "draft":
            return self.env._("%(invoice)s was issued already.", invoice=self.display_name)
        missing = [name for name in ("number", "date", "amount_total") if not self[name]]
        if missing:
            labels = (self._fields[name]._description_string(self.env) for name in missing)
            return self.env._(
                "%(invoice)s cannot be issued yet: fill in %(fields)s, as it stands on the invoice.",
                invoice=self.display_name,
                fields=", ".join(labels),
            )
        return False

    # === TAKEN BACK === #

    def action_make_red(self):
        """Open a draft of the red letter that takes back what is left of the invoice."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "issued" or self.amount_total < 0:
            raise UserError(self.env._("A red letter takes back an invoice that was issued."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Red Letter"),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {f"default_{name}": value for name, value in self._prepare_red_values().items()},
        }

    def _prepare_red_values(self):
        left = (self.amount_total - self.red_amount) / self.amount_total
        untaxed, total = (-self.currency_id.round(amount * left) for amount in (self.amount_untaxed, self.amount_total))
        return {
            "blue_id": self.id,
            "kind": self.kind,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "amount_untaxed": untaxed,
            "amount_tax": self.currency_id.round(total - untaxed),
        }

    def _follow_red(self):
        """Bring the state of `self` to what is taken back of them by red letters that were issued."""
        for invoice in self:
            issued = invoice.red_ids.filtered(lambda red: red.state in VALID)
            left = invoice.amount_total + sum(issued.mapped("amount_total"))
            state = "red_lettered" if invoice.currency_id.is_zero(left) else "issued"
            if invoice.state in VALID and invoice.state != state:
                invoice._write_protected({"state": state})

    # === VOID === #

    def action_void(self):
        """Paper alone can be void, and in the month of its date; what is digital is taken back by a red letter."""
        self.check_access("write")
        self._check_issues()
        for invoice in self:
            if message := invoice._void_error_message():
                raise UserError(message)
        self._write_protected({"state": "void"})
        self.line_ids.unlink()
        self.blue_id._follow_red()
        return True

    def _void_error_message(self):
        """Return why the invoice cannot be void, or False."""
        self.ensure_one()
        if self.state != "issued" or self.red_ids:
            return self.env._(
                "%(invoice)s cannot be void: it is not issued, or a red letter takes it back.",
                invoice=self.display_name,
            )
        today = self.company_id._local_today()
        if self.kind in DIGITAL or self.date.replace(day=1) != today.replace(day=1):
            return self.env._(
                "%(invoice)s cannot be void: only invoices on paper can, in the month in which they were issued. Take "
                "it back by a red letter.",
                invoice=self.display_name,
            )
        if not (self.void_reason or "").strip():
            return self.env._("Say why %(invoice)s is void.", invoice=self.display_name)
        return False

    # === HANDED OVER === #

    def action_hand_over(self):
        """Open the dialog in which it is said how `self` get to the customer."""
        self.check_access("read")
        return self.env["sales.invoice.hand.over"]._open(tax_invoices=self)

    def action_view_handovers(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_invoice_handovers")
        action["domain"] = [("tax_invoice_ids", "in", self.ids)]
        return action

    def action_view_moves(self):
        self.ensure_one()
        return self.line_ids.move_id._get_records_action(name=self.env._("Invoices in Odoo"))

    def _prepare_files(self):
        """Return the values of attachments with the files of `self`, named after their numbers."""
        values = []
        for invoice in self.with_context(bin_size=False):
            for suffix in ("pdf", "ofd", "xml"):
                if content := invoice[f"{suffix}_file"]:
                    values.append({"name": f"{invoice.number or invoice.id}.{suffix}", "datas": content})
        return values

    def _portal_files(self):
        """What a customer may download of the invoice: ``[(suffix, label)]``."""
        self.ensure_one()
        sized = self.with_context(bin_size=True)
        return [(suffix, suffix.upper()) for suffix in ("pdf", "ofd", "xml") if sized[f"{suffix}_file"]]

    def _log_download(self, partner):
        """Note that `partner` downloaded a file of the invoice; once."""
        self.ensure_one()
        if self.handover_ids.filtered(lambda handover: handover.method == "portal"):
            return
        self.env["sales.invoice.handover"]._log(
            {"method": "portal", "receiver": partner.name, "handed_by_id": False, "date": fields.Datetime.now()},
            tax_invoices=self,
        )
