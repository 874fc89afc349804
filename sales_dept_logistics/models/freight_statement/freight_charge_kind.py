from odoo import fields, models


class FreightChargeKind(models.Model):
    """Where a kind of charge is booked."""

    _inherit = "freight.charge.kind"

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        company_dependent=True,
        help="The account to which bills of this kind of charge are analysed.",
    )
