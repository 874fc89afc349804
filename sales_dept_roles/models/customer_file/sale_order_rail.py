from odoo import api, fields, models
from odoo.tools import SQL

from ..order_gate.gate_step import GateAction, GateStep


class SaleOrder(models.Model):
    """On the rail: the customer's file."""

    _inherit = "sale.order"

    gate_stage = fields.Selection(selection_add=[("customer_file", "Customer File"), ("confirm",)])

    @api.model
    def _gate_rail_depends(self):
        return [*super()._gate_rail_depends(), "customer_file_hold"]

    def _gate_steps(self, editable):
        steps = super()._gate_steps(editable)
        for order in self._order_gate_subjects().filtered("company_id.sales_dept_customer_file").with_env(self.env):
            steps[order].append(order._gate_customer_file_step())
        return steps

    def _gate_customer_file_step(self):
        if not self.partner_id:
            return GateStep("customer_file", "later", holds=True)
        if not self.customer_file_hold:
            return GateStep("customer_file", "passed", holds=True)
        is_waiting = "submitted" in self._order_gate_customers().mapped("customer_file_state")
        return GateStep(
            "customer_file",
            "waiting" if is_waiting else "open",
            holds=True,
            sentence=self.customer_file_hold,
            turn=self.env._("Finance") if is_waiting else self._gate_responsible(),
            actions=(GateAction("action_open_customer_file", self.env._("Open Customer File")),),
        )

    @api.model
    def _gate_stages_sql(self, alias):
        stages = super()._gate_stages_sql(alias)
        self.env["res.partner"].flush_model(["customer_file_state", "commercial_partner_id", "parent_id", "active"])
        stages["customer_file"] = SQL(
            """
            (%(asked)s AND EXISTS (
                SELECT FROM res_partner customer
                  JOIN res_partner holder ON holder.id = customer.commercial_partner_id
                 WHERE customer.id IN (%(customer)s, %(invoiced)s)
                   AND (
                       holder.customer_file_state IS DISTINCT FROM 'archived'
                       OR (
                           customer.id <> holder.id
                           AND (customer.parent_id IS DISTINCT FROM holder.id OR customer.active IS NOT TRUE)
                       )
                   )
            ))
            """,
            asked=self._gate_is_asked_sql(alias, "sales_dept_customer_file"),
            customer=self._field_to_sql(alias, "partner_id"),
            invoiced=self._field_to_sql(alias, "partner_invoice_id"),
        )
        return stages
