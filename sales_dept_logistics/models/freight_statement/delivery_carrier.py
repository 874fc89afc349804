from odoo import fields, models


class DeliveryCarrier(models.Model):
    """How the statements of a carrier are settled."""

    _inherit = "delivery.carrier"

    dispute_days = fields.Integer(
        "Days to Dispute", default=15, help="So many days after a statement came its charges may be disputed. 0: ever."
    )
    dispute_answer_days = fields.Integer(
        "Days to Answer", default=7, help="So many days the carrier has to answer a dispute."
    )
    invoice_days = fields.Integer(
        "Days to Invoice", default=7, help="So many days after the statement was signed its invoice is expected."
    )
    freight_tax_id = fields.Many2one(
        "account.tax",
        "Tax on Freight",
        check_company=True,
        domain="[('type_tax_use', '=', 'purchase')]",
        company_dependent=True,
        help="The tax that was agreed. Whether prices include it is said by the tax itself.",
    )

    _settlement_days = models.Constraint(
        "CHECK (dispute_days >= 0 AND dispute_answer_days >= 0 AND invoice_days >= 0)", "Days are not negative."
    )
