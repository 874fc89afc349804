from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

# A credit is expected on the statement of the month after it was promised.
EXPECTED_WITHIN = timedelta(days=45)


class FreightCredit(models.Model):
    """Money that a carrier owes: claimed for damage, or promised in a dispute, and followed until it is there.

    A line of a statement that is the credit's waybill and amount is that credit, whatever the carrier calls it.
    """

    _name = "freight.credit"
    _description = "Credit of a Carrier"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.dept.protected.mixin", "sales.dept.register.mixin"]
    _order = "expected_by, id"
    _rec_name = "reason"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)
    carrier_id = fields.Many2one("delivery.carrier", required=True, index=True, ondelete="restrict", check_company=True)
    waybill_id = fields.Many2one("freight.waybill", index="btree_not_null", ondelete="restrict", check_company=True)
    kind_id = fields.Many2one("freight.charge.kind", index="btree_not_null", ondelete="restrict", check_company=True)
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    amount = fields.Monetary(required=True, tracking=True)
    source = fields.Selection(
        [("dispute", "Promised in a dispute"), ("delivery", "Damaged or lost on the way")],
        required=True,
        readonly=True,
        default="delivery",
    )
    reason = fields.Char(required=True)
    notice_line_id = fields.Many2one(
        "sale.delivery.notice.line", "Delivered Goods", readonly=True, index="btree_not_null", check_company=True
    )
    dispute_line_id = fields.Many2one(
        "freight.statement.dispute.line", readonly=True, index="btree_not_null", check_company=True
    )
    promised_date = fields.Date("Promised On", tracking=True)
    expected_by = fields.Date(compute="_compute_expected_by", store=True, readonly=False)
    received_line_id = fields.Many2one(
        "freight.statement.line", "On the Statement", readonly=True, index="btree_not_null", ondelete="set null"
    )
    received_statement_id = fields.Many2one(related="received_line_id.statement_id")
    refused_date = fields.Date("Given Up On", readonly=True, tracking=True)
    state = fields.Selection(
        [("claimed", "Claimed"), ("promised", "Promised"), ("received", "Credited"), ("refused", "Given Up")],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A credit is more than nothing.")
    _once_per_goods = models.UniqueIndex(
        "(notice_line_id) WHERE notice_line_id IS NOT NULL", "These goods are claimed already."
    )
    _once_per_dispute = models.UniqueIndex(
        "(dispute_line_id) WHERE dispute_line_id IS NOT NULL", "The credit of this dispute is noted already."
    )
    _received_once = models.UniqueIndex(
        "(received_line_id) WHERE received_line_id IS NOT NULL", "One line of a statement is one credit."
    )

    @api.depends("promised_date")
    def _compute_expected_by(self):
        for credit in self:
            credit.expected_by = credit.promised_date and credit.promised_date + EXPECTED_WITHIN

    @api.depends("promised_date", "received_line_id", "refused_date")
    def _compute_state(self):
        for credit in self:
            if credit.received_line_id:
                credit.state = "received"
            elif credit.refused_date:
                credit.state = "refused"
            else:
                credit.state = "promised" if credit.promised_date else "claimed"

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "state",
            "source",
            "notice_line_id",
            "dispute_line_id",
            "received_line_id",
            "refused_date",
        }

    def _refused_fields(self, names):
        """The system itself makes rows."""
        return set() if self.env.su else super()._refused_fields(names)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_claimed(self):
        if kept := self.filtered(lambda credit: credit.state != "claimed" or credit.dispute_line_id)[:1]:
            raise UserError(self.env._("%(credit)s stays on record: give it up instead.", credit=kept.display_name))

    def action_promised(self):
        """Note that the carrier promised the credits of `self`."""
        self.check_access("write")
        for credit in self.filtered(lambda credit: credit.state == "claimed"):
            credit.promised_date = credit.company_id._local_today()
        return True

    def action_give_up(self):
        self.check_access("write")
        for credit in self.filtered(lambda credit: credit.state in ("claimed", "promised")):
            credit._write_protected({"refused_date": credit.company_id._local_today()})
        return True

    @api.model
    def _register_title(self):
        return self.env._("Credits of Carriers")

    @api.model
    def _register_columns(self):
        return [
            "carrier_id",
            "waybill_id",
            "kind_id",
            "amount",
            "source",
            "reason",
            "promised_date",
            "expected_by",
            "state",
        ]
