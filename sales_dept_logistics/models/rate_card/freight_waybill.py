from decimal import Decimal

from odoo import api, fields, models

from ... import rating

# Who may read what freight costs; the warehouse works without.
COST_GROUPS = (
    "sales_team.group_sale_salesman,sales_dept_roles.group_review_logistics,sales_dept_roles.group_finance_verifier"
)


class FreightWaybill(models.Model):
    """What a waybill should cost by the carrier's rate card: the cost, never what the customer is charged."""

    _inherit = "freight.waybill"

    currency_id = fields.Many2one(related="company_id.currency_id")
    charge_ids = fields.One2many(
        "freight.waybill.charge", "waybill_id", "Expected Charges", readonly=True, groups=COST_GROUPS
    )
    expected_cost = fields.Monetary(
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="What the carrier should charge by its rate card, in the company's currency.",
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"charge_ids", "expected_cost"}

    def _freight_cost(self):
        """What the freight costs as far as it is known, in the company's currency. Extension point."""
        self.ensure_one()
        return self.expected_cost

    def _rating_steps(self, card):
        """Return the steps of the price as it was priced last by `card`; none where that cannot be told any more."""
        self.ensure_one()
        if not card or not self.rating_basis:
            return []
        try:
            return rating.rate(card._values(), self._rating_shipment()).steps
        except rating.NoPrice:
            return []

    def _rating_shipment(self):
        """The :class:`.rating.Shipment` of what it was priced with last."""
        basis = dict(self.rating_basis)
        return rating.Shipment(
            pieces=basis["pieces"],
            zone=basis["zone"],
            remote=basis["remote"],
            services=frozenset(basis["services"]),
            **{
                name: Decimal(basis[name])
                for name in ("weight", "volume", "declared", "cash", "month_volume", "fuel_percent")
            },
        )
