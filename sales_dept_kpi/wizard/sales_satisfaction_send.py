from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class SalesSatisfactionSend(models.TransientModel):
    """The dialog in which customers are asked by hand, by mail or with a form on paper."""

    _name = "sales.satisfaction.send"
    _description = "Ask How Satisfied Customers Are"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    channel = fields.Selection([("mail", "By Mail"), ("paper", "On Paper")], required=True, default="mail")
    line_ids = fields.One2many("sales.satisfaction.send.line", "wizard_id", string="Customers")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "line_ids" in fields and self.env.context.get("active_model") == "res.partner":
            partners = self.env["res.partner"].browse(self.env.context.get("active_ids", [])).exists()
            contacts = partners._satisfaction_contacts(self.env.company)
            values["line_ids"] = [
                Command.create({"customer_id": partner.commercial_partner_id.id, "contact_id": contact.id})
                for partner, contact in contacts.items()
            ]
        return values

    def action_send(self):
        """Ask those who may be asked; where there is nobody, say why."""
        self.ensure_one()
        customers = self.line_ids.customer_id
        if not customers:
            raise UserError(self.env._("Choose the customers who are asked."))
        customers.check_access("read")
        self._check_works_for()
        if others := customers - customers._satisfaction_mine():
            raise AccessError(
                self.env._(
                    "%(customers)s: somebody else is responsible for them, and asks them.",
                    customers=", ".join(others.mapped("display_name")),
                )
            )
        lines = self.line_ids.filtered(lambda line: not line.refusal)
        if not lines:
            raise UserError("\n".join(self.line_ids.mapped("refusal")))
        rows = {line.contact_id.email_normalized or line.contact_id: line._row() for line in lines}
        invited = self.env["survey.user_input"]._satisfaction_invite(self.company_id, list(rows.values()), self.channel)
        return self._after(self.env["sales.satisfaction.answer"].browse(invited.ids))

    def _check_works_for(self):
        if self.company_id not in self.env.companies:
            raise AccessError(self.env._("Ask in the name of a company that you work for now."))

    def _after(self, answers):
        if self.channel == "paper":
            return {**answers.action_print_form(), "close_on_report_download": True}
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_satisfaction_answers")
        return {**action, "domain": [("id", "in", answers.ids)], "context": {}}
