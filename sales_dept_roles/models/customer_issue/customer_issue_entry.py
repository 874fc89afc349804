from odoo import fields, models

OURS = ("answer", "question", "solution")


class CustomerIssueEntry(models.Model):
    """What was said between us and the customer about an issue, kept with its words; written by nobody afterwards."""

    _name = "customer.issue.entry"
    _description = "What Was Said About a Customer Issue"
    _order = "date, id"

    issue_id = fields.Many2one("customer.issue", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="issue_id.company_id", store=True, index=True, precompute=True)
    kind = fields.Selection(
        [
            ("answer", "Answer"),
            ("question", "Question to the Customer"),
            ("solution", "Solution"),
            ("reopened", "Not Solved, Says the Customer"),
            ("confirmed", "Solved, Says the Customer"),
        ],
        required=True,
        readonly=True,
    )
    by = fields.Selection([("mail", "Mail"), ("call", "Call"), ("portal", "Portal")], required=True, readonly=True)
    date = fields.Datetime("When", required=True, readonly=True)
    author_id = fields.Many2one("res.partner", "Who", readonly=True, index="btree_not_null")
    text = fields.Html("Words", readonly=True)
    message_id = fields.Many2one("mail.message", readonly=True, index="btree_not_null", ondelete="set null")
    solution_deadline = fields.Datetime("Solution Due Until Then", readonly=True)
    solved_at = fields.Datetime("Had Been Solved On", readonly=True)

    def _mail_language(self):
        """The language in which the customer reads it."""
        self.ensure_one()
        issue = self.issue_id
        return issue.partner_id.lang or issue.partner_id.commercial_partner_id.lang or issue.company_id.partner_id.lang
