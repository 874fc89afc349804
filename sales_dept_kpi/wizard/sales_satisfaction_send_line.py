from odoo import api, fields, models


class SalesSatisfactionSendLine(models.TransientModel):
    _name = "sales.satisfaction.send.line"
    _description = "Customer to Be Asked"

    wizard_id = fields.Many2one("sales.satisfaction.send", required=True, ondelete="cascade", index=True)
    customer_id = fields.Many2one("res.partner", required=True, domain="[('parent_id', '=', False)]")
    contact_id = fields.Many2one(
        "res.partner",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', customer_id)]",
    )
    refusal = fields.Char("Why Not", compute="_compute_refusal")

    @api.depends("customer_id")
    def _compute_contact_id(self):
        contacts = self.customer_id._satisfaction_contacts(self.env.company)
        for line in self:
            line.contact_id = contacts.get(line.customer_id)

    @api.depends("contact_id", "customer_id", "wizard_id.channel")
    def _compute_refusal(self):
        company = self.wizard_id.company_id or self.env.company
        refusals = self.contact_id._origin._satisfaction_refusals(company)
        for line in self:
            line.refusal = line._missing_text() or refusals.get(line.contact_id._origin)

    def _missing_text(self):
        """Why the contact cannot be asked, whoever it is; None where it can."""
        contact, customer = self.contact_id, self.customer_id
        if not contact:
            return self.env._(
                "%(customer)s has no contact with an email address that may be asked.", customer=customer.display_name
            )
        if contact.commercial_partner_id != customer:
            return self.env._(
                "%(contact)s does not belong to %(customer)s.",
                contact=contact.display_name,
                customer=customer.display_name,
            )
        if self.wizard_id.channel == "mail" and not contact.email_normalized:
            return self.env._(
                "%(contact)s has no email address: enter it, or ask on paper.", contact=contact.display_name
            )
        return None

    def _row(self):
        """As :meth:`SurveyUserInput._satisfaction_invite` wants it; where nobody is responsible, who asks is."""
        return {
            "contact": self.contact_id,
            "customer": self.customer_id,
            "user": self.customer_id.user_id or self.env.user,
        }
