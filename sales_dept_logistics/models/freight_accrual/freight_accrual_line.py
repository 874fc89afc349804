from odoo import fields, models


class FreightAccrualLine(models.Model):
    """What one carrier has not billed of one kind of charge. Counting alone writes it."""

    _name = "freight.accrual.line"
    _description = "Line of a Freight Accrual"
    _order = "accrual_id, carrier_id, kind_id, id"
    _rec_name = "carrier_id"
    _check_company_auto = True

    accrual_id = fields.Many2one("freight.accrual", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="accrual_id.company_id", store=True, index=True)
    carrier_id = fields.Many2one("delivery.carrier", required=True, ondelete="restrict", readonly=True)
    kind_id = fields.Many2one("freight.charge.kind", "Kind of Charge", ondelete="restrict", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="accrual_id.currency_id", string="Company Currency")
    waybill_count = fields.Integer("Waybills", readonly=True)
    amount_currency = fields.Monetary(
        "In Their Currency", readonly=True, help="What is expected, without tax, as the carrier charges it."
    )
    amount = fields.Monetary(
        "Accrued", currency_field="company_currency_id", readonly=True, help="At the rate of the month's end."
    )
