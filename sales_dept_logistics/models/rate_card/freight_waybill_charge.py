from odoo import api, fields, models

from .explanation import sentences


class FreightWaybillCharge(models.Model):
    """What one kind of charge of a waybill should cost by the carrier's rate card.

    The rating alone writes these rows; nobody does by hand.
    """

    _name = "freight.waybill.charge"
    _description = "Expected Charge of a Waybill"
    _order = "waybill_id, kind_id"
    _rec_name = "kind_id"
    # The rating writes many at once, and nobody else does.
    _log_access = False
    _check_company_auto = True

    waybill_id = fields.Many2one(
        "freight.waybill", required=True, index=True, ondelete="cascade", check_company=True, readonly=True
    )
    kind_id = fields.Many2one(
        "freight.charge.kind",
        "Kind of Charge",
        required=True,
        ondelete="restrict",
        check_company=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, help="The currency in which the carrier charges."
    )
    expected_amount = fields.Monetary("Expected", required=True, readonly=True)

    rate_card_id = fields.Many2one("freight.rate.card", readonly=True, ondelete="set null", check_company=True)
    explanation = fields.Text("Steps of the Price", compute="_compute_explanation")

    _once = models.Constraint(
        "UNIQUE (waybill_id, kind_id)", "A waybill has one expected amount for each kind of charge."
    )

    @api.depends("expected_amount", "rate_card_id", "waybill_id.rating_basis")
    @api.depends_context("lang")
    def _compute_explanation(self):
        """Price the waybill once more, by what it was priced with, and say each step."""
        for (waybill, card), charges in self.grouped(lambda charge: (charge.waybill_id, charge.rate_card_id)).items():
            steps = waybill.sudo()._rating_steps(card.sudo())
            for charge in charges:
                own = [step for step in steps if step.kind == charge.kind_id.id]
                charge.explanation = "\n".join(sentences(charge.env, own, charge.currency_id)) or False
