from odoo import api, fields, models


class SaleOrderReviewOpinion(models.Model):
    """A department's box on the review form: what it was asked, and what it decided."""

    _name = "sale.order.review.opinion"
    _description = "Department's Opinion on an Order"
    _order = "review_id, sequence, id"

    review_id = fields.Many2one("sale.order.review", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    sequence = fields.Integer(readonly=True)
    group_id = fields.Many2one(
        "res.groups", "Department", required=True, readonly=True, ondelete="restrict", index=True
    )
    task_id = fields.Many2one(
        "sales.approval.task", "Step", required=True, readonly=True, ondelete="cascade", index=True
    )
    carried_from = fields.Char(
        readonly=True, help="The review in which it was given; its subject did not change since."
    )
    decision_id = fields.Many2one(
        "sales.approval.decision", compute="_compute_opinion", store=True, index="btree_not_null"
    )
    opinion = fields.Selection(
        [("agree", "Agree"), ("conditional", "Agree with Conditions"), ("refuse", "Refuse")],
        compute="_compute_opinion",
        store=True,
    )
    state = fields.Selection(related="task_id.state", string="Status")
    deadline = fields.Datetime(related="task_id.deadline")
    comment = fields.Text(related="decision_id.comment")
    user_id = fields.Many2one(related="decision_id.user_id", string="Decided By")
    signer_name = fields.Char(related="decision_id.display_name", string="Signed By")
    date = fields.Datetime(related="decision_id.date")
    signature = fields.Image(related="decision_id.signature")
    accept_uid = fields.Many2one("res.users", "Conditions Accepted By", readonly=True)
    accept_date = fields.Datetime("Conditions Accepted", readonly=True)

    @api.depends("task_id.decision_ids.outcome")
    def _compute_opinion(self):
        opinions = {"approved": "agree", "conditional": "conditional", "rejected": "refuse"}
        for opinion in self:
            opinion.decision_id = opinion.task_id.decision_id
            opinion.opinion = opinions.get(opinion.decision_id.outcome, False)

    def _is_agreed(self):
        """Whether the department agreed, and its conditions, if any, were accepted."""
        self.ensure_one()
        return self.opinion == "agree" or bool(self.opinion == "conditional" and self.accept_date)
