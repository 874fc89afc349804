from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

# With which a spreadsheet begins a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(text):
    """`text` as no spreadsheet takes it for a formula, also after it was saved as CSV.

    >>> neutral("=1+1"), neutral("SF1")
    ("'=1+1", 'SF1')
    """
    return f"'{text}" if text and text.startswith(FORMULA_STARTS) else text


class FreightStatementDisputeLine(models.Model):
    """One disputed line in one round: what we hold for due, the carrier's answer, and what comes of it.

    What was claimed are values: they stay as they were told.
    """

    _name = "freight.statement.dispute.line"
    _description = "Line of a Dispute"
    _inherit = ["sales.dept.protected.mixin", "sales.dept.register.mixin"]
    _order = "dispute_id, id"
    _rec_name = "reference"
    _check_company_auto = True

    dispute_id = fields.Many2one(
        "freight.statement.dispute", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="dispute_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    line_id = fields.Many2one(
        "freight.statement.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Empty: it came with a file that the carrier corrected since.",
    )
    reference = fields.Char("Number on the Statement", readonly=True)
    ship_date = fields.Date("Date Shipped", readonly=True)
    charge_label = fields.Char("Charge", readonly=True)
    waybill_name = fields.Char("Our Waybill", readonly=True)
    charged_amount = fields.Monetary("Amount Charged", readonly=True)
    due_amount = fields.Monetary("Due", readonly=True, help="What we hold for due.")
    reason = fields.Char(readonly=True, help="As it was told to the carrier, in its language.")
    answer = fields.Selection([("accepted", "Agrees"), ("partly", "Agrees in part"), ("refused", "Does not agree")])
    answered_amount = fields.Monetary("Carrier's Amount", help="What the carrier holds for due.")
    answer_note = fields.Char("Carrier's Remark")
    outcome = fields.Selection(
        [
            ("corrected", "Paid less"),
            ("credit", "Paid, credit promised"),
            ("stands", "Paid as charged"),
            ("again", "Disputed once more"),
        ],
        compute="_compute_outcome",
        store=True,
        readonly=False,
        help="Paid less: the carrier's invoice is for the lower amount. Credit promised: all of it is paid, and the "
        "carrier's next statement has the credit.",
    )
    settled_amount = fields.Monetary(
        "Settled At", compute="_compute_settled_amount", store=True, readonly=False, help="What the charge comes to."
    )
    recovered_amount = fields.Monetary("Recovered", compute="_compute_recovered_amount", store=True)

    _once_a_round = models.Constraint("UNIQUE (dispute_id, line_id)", "The line is in this dispute already.")

    # === COMPUTES === #

    @api.depends("answer")
    def _compute_outcome(self):
        for line in self:
            line.outcome = {"accepted": "corrected", "partly": "corrected"}.get(line.answer, line.outcome)

    @api.depends("outcome", "answer", "answered_amount", "due_amount", "charged_amount")
    def _compute_settled_amount(self):
        for line in self:
            if line.outcome in ("stands", "again") or not line.outcome:
                line.settled_amount = line.charged_amount
            else:
                line.settled_amount = line.answered_amount if line.answer == "partly" else line.due_amount

    @api.depends("outcome", "settled_amount", "charged_amount")
    def _compute_recovered_amount(self):
        for line in self:
            is_won = line.outcome in ("corrected", "credit")
            line.recovered_amount = line.charged_amount - line.settled_amount if is_won else 0

    @api.constrains("settled_amount", "outcome")
    def _check_settled_amount(self):
        """What is paid in the end lies between what we held for due and what was charged: more was never asked for."""
        for line in self:
            low, high = sorted((line.due_amount, line.charged_amount))
            compare = line.currency_id.compare_amounts
            if compare(line.settled_amount, low) < 0 or compare(line.settled_amount, high) > 0:
                raise ValidationError(
                    self.env._(
                        "%(line)s: what it is settled at lies between what is due, %(due)s, and what was charged, "
                        "%(charged)s.",
                        line=line.display_name,
                        due=format_amount(self.env, line.due_amount, line.currency_id),
                        charged=format_amount(self.env, line.charged_amount, line.currency_id),
                    )
                )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "dispute_id",
            "line_id",
            "reference",
            "ship_date",
            "charge_label",
            "waybill_name",
            "charged_amount",
            "due_amount",
            "reason",
            "recovered_amount",
        }

    def _refused_fields(self, names):
        """The system itself makes rows."""
        return set() if self.env.su else super()._refused_fields(names)

    def write(self, vals):
        if closed := self.dispute_id.filtered(lambda dispute: dispute.state == "settled")[:1]:
            raise UserError(self.env._("%(dispute)s is settled already.", dispute=closed.display_name))
        return super().write(vals)

    # === SETTLING === #

    def _settle(self):
        """Write on the lines of the statement what is paid for them, and note the credits that were promised."""
        for line in self.filtered(lambda line: line.outcome != "again"):
            is_paid = line.outcome in ("credit", "stands")
            line.line_id._write_protected(
                {"is_settled": True, "settled_amount": line.charged_amount if is_paid else line.settled_amount}
            )
        self.filtered(lambda line: line.outcome == "credit")._note_credits()

    def _note_credits(self):
        values = [
            {
                "company_id": line.company_id.id,
                "carrier_id": line.dispute_id.carrier_id.id,
                "waybill_id": line.line_id.waybill_id.id,
                "kind_id": line.line_id.kind_id.id,
                "currency_id": line.currency_id.id,
                "amount": line.recovered_amount,
                "reason": line.reason,
                "promised_date": line.company_id._local_today(),
                "source": "dispute",
                "dispute_line_id": line.id,
            }
            for line in self
            if line.currency_id.compare_amounts(line.recovered_amount, 0) > 0
        ]
        return self.env["freight.credit"].sudo().create(values)

    # === FOR THE CARRIER === #

    @api.model
    def _register_title(self):
        return self.env._("Disputed Charges")

    @api.model
    def _register_columns(self):
        return [
            RegisterColumn("id", label=self.env._("Our Line"), width=10, value=lambda line: line.id),
            RegisterColumn("reference", width=22, value=lambda line: neutral(line.reference)),
            RegisterColumn("waybill_name", width=22, value=lambda line: neutral(line.waybill_name)),
            "ship_date",
            RegisterColumn("charge_label", width=16, value=lambda line: neutral(line.charge_label)),
            "charged_amount",
            "due_amount",
            RegisterColumn("reason", width=60, value=lambda line: neutral(line.reason)),
            "answer",
            RegisterColumn("answered_amount", value=lambda line: line.answered_amount if line.answer else None),
            RegisterColumn("answer_note", width=40, value=lambda line: neutral(line.answer_note)),
        ]
