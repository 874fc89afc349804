from odoo import fields, models


class CustomerIssueReply(models.TransientModel):
    _name = "customer.issue.reply"
    _description = "Answer a Customer"

    issue_id = fields.Many2one("customer.issue", required=True, readonly=True)
    kind = fields.Selection(
        [("answer", "Answer"), ("question", "Question to the Customer"), ("solution", "Solution")],
        required=True,
        default="answer",
    )
    by = fields.Selection(
        [("mail", "Send it by mail"), ("call", "It was said on the phone")], "How", required=True, default="mail"
    )
    recipient = fields.Char(compute="_compute_recipient")
    language = fields.Char(compute="_compute_recipient", help="Greeting and ending are in the customer's language.")
    text = fields.Html("Words", sanitize_style=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")
    is_sent = fields.Boolean(readonly=True)

    def _compute_recipient(self):
        names = dict(self.env["res.lang"].get_installed())
        for reply in self:
            partner = reply.issue_id.partner_id
            reply.recipient = partner.email_formatted if partner.email else reply.issue_id.email_from
            reply.language = names.get(partner.lang or reply.issue_id.company_id.partner_id.lang)

    def action_send(self):
        """Say it once, however often the button is pressed."""
        self.ensure_one()
        if not self.is_sent:
            # Written by both, where it is pressed twice at the same moment: one of them begins anew.
            self.is_sent = True
            self.issue_id._say(self.kind, self.text, self.by, self.attachment_ids)
        return {"type": "ir.actions.act_window_close"}
