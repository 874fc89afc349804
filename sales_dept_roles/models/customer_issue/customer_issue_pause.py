from odoo import fields, models


class CustomerIssuePause(models.Model):
    """A time in which the clock of an issue stands still, because the customer was asked; written by nobody."""

    _name = "customer.issue.pause"
    _description = "Pause of a Customer Issue"
    _order = "date_from, id"

    issue_id = fields.Many2one("customer.issue", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="issue_id.company_id", store=True, index=True, precompute=True)
    date_from = fields.Datetime("Begun At", required=True, readonly=True)
    date_until = fields.Datetime("Ended At", readonly=True)
    hours = fields.Float("Working Hours", readonly=True, help="By so much the deadlines that were open moved on.")

    _one_open = models.UniqueIndex("(issue_id) WHERE date_until IS NULL", "The clock of this issue stands already.")
    _forward = models.Constraint("CHECK (date_until >= date_from)", "A pause ends after it began.")
