from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Domain

from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class FreightStatementDispute(models.Model):
    """One round of a dispute with a carrier: what is claimed, what the carrier answers, what comes of it."""

    _name = "freight.statement.dispute"
    _description = "Dispute with a Carrier"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.dept.protected.mixin"]
    _order = "id desc"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "freight.statement", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    carrier_id = fields.Many2one(related="statement_id.carrier_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    round = fields.Integer(required=True, readonly=True)
    claimed_date = fields.Date("Claimed On", required=True, readonly=True)
    answer_by = fields.Date("Answer Expected By", help="Ask again when the carrier has not answered by then.")
    answered_date = fields.Date("Answered On", readonly=True, tracking=True)
    settled_date = fields.Date("Settled On", readonly=True, tracking=True)
    line_ids = fields.One2many("freight.statement.dispute.line", "dispute_id", string="Lines")
    claimed_total = fields.Monetary("Claimed Back", compute="_compute_totals", store=True)
    recovered_total = fields.Monetary("Recovered", compute="_compute_totals", store=True)
    state = fields.Selection(
        [("claimed", "Claimed"), ("answered", "Answered"), ("settled", "Settled")],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )

    _round_once = models.Constraint("UNIQUE (statement_id, round)", "There is a dispute of this round already.")

    # === COMPUTES === #

    @api.depends("statement_id.name", "round")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = self.env._(
                "%(statement)s, dispute %(round)s", statement=dispute.statement_id.name, round=dispute.round
            )

    @api.depends("answered_date", "settled_date")
    def _compute_state(self):
        for dispute in self:
            answered = "answered" if dispute.answered_date else "claimed"
            dispute.state = "settled" if dispute.settled_date else answered

    @api.depends("line_ids.charged_amount", "line_ids.due_amount", "line_ids.recovered_amount")
    def _compute_totals(self):
        for dispute in self:
            dispute.claimed_total = sum(line.charged_amount - line.due_amount for line in dispute.line_ids)
            dispute.recovered_total = sum(dispute.line_ids.mapped("recovered_amount"))

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "state",
            "statement_id",
            "round",
            "claimed_date",
            "answered_date",
            "settled_date",
            "claimed_total",
            "recovered_total",
        }

    def _refused_fields(self, names):
        """The system itself makes rows."""
        return set() if self.env.su else super()._refused_fields(names)

    # === A ROUND === #

    @api.model
    def _open_round(self, statement):
        """Claim from the carrier what is disputed on `statement` and in no open round; return the new round.

        :raises UserError: where there is nothing to claim
        """
        lines = statement._lines_to_claim()
        if not lines:
            raise UserError(
                self.env._(
                    "%(statement)s: nothing is disputed that was not claimed already.", statement=statement.display_name
                )
            )
        today = statement.company_id._local_today()
        rounds = self.search(Domain("statement_id", "=", statement.id))
        return self.sudo().create(
            {
                "statement_id": statement.id,
                "round": len(rounds) + 1,
                "claimed_date": today,
                "answer_by": today + timedelta(days=statement.carrier_id.sudo().dispute_answer_days),
                "line_ids": [Command.create(line._prepare_dispute_values()) for line in lines],
            }
        )

    # === ACTIONS === #

    def action_export(self):
        """Download the XLSX for the carrier: the disputed rows only, with columns for its answers."""
        self.ensure_one()
        self.check_access("read")
        return self.line_ids.action_export_register()

    def action_read_answers(self):
        """Open the dialog that reads the carrier's answers back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Read the Carrier's Answers"),
            "res_model": "freight.dispute.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    def action_settle(self):
        """Close the rounds of `self` with what came of each line; what goes on goes to the next round."""
        self.check_access("write")
        for dispute in self:
            dispute._check_settleable()
        for dispute in without_client_context(self.sudo()):
            dispute.statement_id._lock()
            dispute.line_ids._settle()
            dispute._write_protected({"settled_date": dispute.company_id._local_today()})
            dispute._after_settling()
        return True

    def _check_settleable(self):
        self.ensure_one()
        if self.state == "settled":
            raise UserError(self.env._("%(dispute)s is settled already.", dispute=self.display_name))
        if self.statement_id.state == "waiting":
            # What a settled line comes to is among what is signed.
            self.statement_id._check_lines_open()
        if missing := self.line_ids.filtered(lambda line: not line.outcome)[:1]:
            raise UserError(
                self.env._("%(line)s: say what came of it before the dispute is settled.", line=missing.display_name)
            )
        if self.statement_id.state == "signed" and not self.env.user.has_group("sales_dept_roles.group_director"):
            raise AccessError(
                self.env._(
                    "%(statement)s is signed: what is paid of the disputed lines is the director's to settle.",
                    statement=self.statement_id.display_name,
                )
            )

    def _after_settling(self):
        """Called for one round, as superuser, once it is settled."""
        statement = self.statement_id
        if statement.state == "open":
            statement._take_totals()
        again = self.line_ids.filtered(lambda line: line.outcome == "again")
        if again:
            self._open_round(statement)
