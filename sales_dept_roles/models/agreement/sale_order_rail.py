from odoo import api, fields, models
from odoo.tools import SQL

from ..order_gate.gate_step import GateAction, GateStep
from .sale_order import CUSTOMER_KINDS
from .sales_agreement import IN_FORCE

# Whose duty agreements are.
MAKERS = ("account_manager", "assistant", "director", "general_manager")


class SaleOrder(models.Model):
    """On the rail: the agreement with the customer, or the contract of the order."""

    _inherit = "sale.order"

    gate_stage = fields.Selection(selection_add=[("agreement", "Agreement"), ("confirm",)])

    @api.model
    def _gate_rail_depends(self):
        return [*super()._gate_rail_depends(), "agreement_missing"]

    def _gate_steps(self, editable):
        steps = super()._gate_steps(editable)
        for order in self._order_gate_subjects().filtered("company_id.sales_dept_agreement").with_env(self.env):
            steps[order].append(order._gate_agreement_step(editable))
        return steps

    def _gate_agreement_step(self, editable):
        if not self._origin:
            return GateStep("agreement", "later", holds=True)
        if not self.agreement_missing:
            return GateStep("agreement", "passed", holds=True)
        actions = []
        if any(self.env.user.has_group(f"sales_dept_roles.group_{role}") for role in MAKERS):
            actions.append(GateAction("action_mend_agreement", self.env._("Agreement")))
        if self in editable:
            actions.append(GateAction("action_attach_contract", self.env._("Attach Contract")))
        return GateStep(
            "agreement",
            "open",
            holds=True,
            sentence=self.agreement_missing,
            turn=self._gate_responsible(),
            actions=tuple(actions),
        )

    @api.model
    def _gate_stages_sql(self, alias):
        stages = super()._gate_stages_sql(alias)
        agreements = self.env["sales.agreement"].sudo()
        agreements.flush_model(["company_id", "partner_id", "kind"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        stages["agreement"] = SQL(
            """
            (%(asked)s AND NOT EXISTS (
                SELECT FROM sales_agreement agreement
                  JOIN res_partner customer ON customer.commercial_partner_id = agreement.partner_id
                 WHERE customer.id = %(customer)s
                   AND agreement.company_id = %(company)s
                   AND agreement.kind IN %(kinds)s
                   AND %(state)s IN %(in_force)s
            ) AND NOT EXISTS (
                SELECT FROM ir_attachment
                 WHERE res_model = %(model)s AND res_field = 'signed_contract' AND res_id = %(id)s
            ))
            """,
            asked=self._gate_is_asked_sql(alias, "sales_dept_agreement"),
            customer=self._field_to_sql(alias, "partner_id"),
            company=self._field_to_sql(alias, "company_id"),
            kinds=CUSTOMER_KINDS,
            state=agreements._field_to_sql("agreement", "state"),
            in_force=IN_FORCE,
            model=self._name,
            id=self._field_to_sql(alias, "id"),
        )
        return stages
