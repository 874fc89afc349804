from odoo import api, fields, models

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
