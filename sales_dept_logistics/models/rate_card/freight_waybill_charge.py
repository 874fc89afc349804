from odoo import fields, models


class FreightWaybillCharge(models.Model):
    """What one kind of charge of a waybill should cost by the carrier's rate card.

    The rating alone writes these rows; nobody does by hand.
    """

    _name = "freight.waybill.charge"
    _description = "Expected Charge of a Waybill"
    _order = "waybill_id, kind_id"
    _rec_name = "kind_id"
    _check_company_auto = True

    waybill_id = fields.Many2one(
        "freight.waybill", required=True, index=True, ondelete="cascade", check_company=True, readonly=True
    )
    kind_id = fields.Many2one(
        "freight.charge.kind",
        "Kind of Charge",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, help="The currency in which the carrier charges."
    )
    expected_amount = fields.Monetary("Expected", required=True, readonly=True)

    _once = models.Constraint(
        "UNIQUE (waybill_id, kind_id)", "A waybill has one expected amount for each kind of charge."
    )
