from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.wizard.checklist_rule import Rule


def _pickings_supposing(pickings, policy):
    """Deliveries go by the gate of the goods in them."""
    moves = pickings.move_ids.filtered(lambda move: move.state != "cancel")
    needing, lacking = moves._gate_supposing("delivery_notice", policy)
    return needing.picking_id, lacking.picking_id


class SalesDeptChecklistPolicy(models.TransientModel):
    _inherit = "sales.dept.checklist.policy"

    @api.model
    def _rules(self):
        outgoing = Domain("picking_type_code", "=", "outgoing")
        return {
            **super()._rules(),
            "sales_dept_delivery_notice": Rule(
                model="stock.picking",
                supposing=_pickings_supposing,
                open=outgoing & Domain("state", "=", "assigned"),
                passed=outgoing & Domain("state", "=", "done"),
                passed_on="date_done",
            ),
        }
