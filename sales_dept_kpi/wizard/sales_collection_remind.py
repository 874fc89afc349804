from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain


class SalesCollectionRemind(models.TransientModel):
    """The dialog in which reminders are looked at before they are mailed, each in its customer's language."""

    _name = "sales.collection.remind"
    _description = "Remind Customers"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    line_ids = fields.One2many("sales.collection.remind.line", "remind_id", string="Letters")
    left_out = fields.Text("Not Reminded", readonly=True, help="Customers to whom nothing is sent, and why.")

    @api.model
    def _open(self, partners, company):
        """Open the dialog for `partners`, who owe something to `company`."""
        if len(company) != 1:
            raise UserError(self.env._("Choose customers of one company: each company sends its own reminders."))
        letters = self.env["sales.collection.letter"]._letters(partners, company)
        reminded = self._reminded_today(partners, company)
        left_out = [
            self.env._("%(customer)s: a reminder was sent today already.", customer=partner.display_name)
            if partner in reminded
            else self.env._("%(customer)s: nothing that is overdue and not disputed.", customer=partner.display_name)
            for partner in partners
            if partner in reminded or partner not in letters
        ]
        asked = {partner: parts for partner, parts in letters.items() if partner not in reminded}
        levels = self.env["sales.collection.letter"]._levels(asked, company)
        dialog = self.create(
            {
                "company_id": company.id,
                "left_out": "\n".join(left_out),
                "line_ids": [Command.create({"partner_id": partner.id, "level": levels[partner]}) for partner in asked],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Remind Customers"),
            "res_model": self._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _reminded_today(self, partners, company):
        """Those of `partners` that were sent a reminder today."""
        # Also by a colleague, whose log the user does not see.
        contacts = (
            self.env["sales.collection.contact"]
            .sudo()
            .search(
                Domain("company_id", "=", company.id)
                & Domain("partner_id", "in", partners.ids)
                & Domain("sent_day", "=", company._local_today())
            )
        )
        return contacts.partner_id.with_env(self.env)

    def action_send(self):
        """Mail the letters that are ticked, and write each into the chasing log."""
        self.ensure_one()
        lines = self.line_ids.filtered("is_sent")
        if not lines:
            raise UserError(self.env._("No letter is ticked: nothing was sent."))
        if missing := lines.filtered(lambda line: not line.recipient_id.email)[:1]:
            raise UserError(
                self.env._(
                    "%(customer)s has no e-mail address: enter it at the person whom the letter goes to, or untick it.",
                    customer=missing.partner_id.display_name,
                )
            )
        if reminded := self._reminded_today(lines.partner_id, self.company_id)[:1]:
            raise UserError(
                self.env._(
                    "%(customer)s was sent a reminder today already; look at the chasing log.",
                    customer=reminded.display_name,
                )
            )
        for line in lines:
            line._send()
        return {"type": "ir.actions.act_window_close"}
