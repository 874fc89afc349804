from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class FreightStatement(models.Model):
    """The rounds of dispute of a statement."""

    _inherit = "freight.statement"

    dispute_ids = fields.One2many("freight.statement.dispute", "statement_id", string="Disputes", readonly=True)
    dispute_count = fields.Integer("Rounds of Dispute", compute="_compute_dispute_count")
    dispute_by = fields.Date(
        compute="_compute_dispute_by",
        store=True,
        help="What is disputed later the carrier need not answer.",
    )

    can_claim = fields.Boolean(compute="_compute_can_claim")
    can_send_dispute = fields.Boolean(compute="_compute_can_send_dispute")

    @api.depends("dispute_ids")
    def _compute_dispute_count(self):
        for statement in self:
            statement.dispute_count = len(statement.dispute_ids)

    @api.depends("disputed_total", "dispute_ids.line_ids.outcome", "dispute_ids.state", "state")
    def _compute_can_claim(self):
        for statement in self:
            is_under_way = statement.state in ("open", "waiting", "signed") and statement.disputed_total
            statement.can_claim = bool(is_under_way and statement._origin._lines_to_claim())

    @api.depends("dispute_ids.state")
    def _compute_can_send_dispute(self):
        for statement in self:
            statement.can_send_dispute = bool(statement._claimed_round())

    @api.depends("carrier_id", "read_date", "date_to")
    def _compute_dispute_by(self):
        for statement in self:
            days = statement.carrier_id.sudo().dispute_days
            begin = statement.company_id._local_day(statement.read_date) or statement.date_to
            statement.dispute_by = days and begin and fields.Date.add(begin, days=days)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_claimed(self):
        if claimed := self.filtered("dispute_ids")[:1]:
            raise UserError(
                self.env._(
                    "%(statement)s has disputes with the carrier, which stay on record: cancel it instead.",
                    statement=claimed.display_name,
                )
            )

    def _lines_to_claim(self):
        """The disputed lines that no round has, or none but rounds in which they were put off."""
        self.ensure_one()
        disputed = self.env["freight.statement.line"].search(
            Domain("statement_id", "=", self.id) & Domain("decision", "=", "dispute") & Domain("is_settled", "=", False)
        )
        asked = self.dispute_ids.line_ids.filtered(
            lambda line: line.dispute_id.state != "settled" or line.outcome != "again"
        )
        return disputed - asked.line_id

    def action_claim(self):
        """Open a round of dispute with what is disputed, and show it."""
        self.ensure_one()
        self.check_access("write")
        self.env["freight.statement.dispute"]._open_round(self)
        self.invalidate_recordset(["dispute_ids"])
        return self.action_open_disputes()

    def _claimed_round(self):
        """The last round that the carrier has not answered."""
        claimed = self.dispute_ids.filtered(lambda dispute: dispute.state == "claimed")
        return claimed.sorted("round")[-1:]

    def action_send_dispute(self):
        """Write to the carrier about the round that waits for its answer."""
        self.ensure_one()
        dispute = self._claimed_round()
        if not dispute:
            raise UserError(
                self.env._("%(statement)s: no claim waits for the carrier's answer.", statement=self.display_name)
            )
        return dispute.action_send()

    def action_open_disputes(self):
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Disputes"),
            "res_model": "freight.statement.dispute",
            "views": [(False, "list"), (False, "form")],
            "domain": [("statement_id", "=", self.id)],
        }
        if len(self.dispute_ids) == 1:
            action |= {"views": [(False, "form")], "res_id": self.dispute_ids.id}
        return action
