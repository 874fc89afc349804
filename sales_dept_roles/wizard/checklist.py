from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

MONTHS = 3


class SalesDeptChecklist(models.TransientModel):
    """What to look at before the handbook's rules are switched on, and what each of them would have done."""

    _name = "sales.dept.checklist"
    _description = "The Handbook's Rules"

    company_id = fields.Many2one("res.company", required=True, readonly=True, default=lambda self: self.env.company)
    date_from = fields.Date(
        "Tried On Documents Since",
        readonly=True,
        default=lambda self: self.env.company._local_today() - relativedelta(months=MONTHS),
    )
    role_ids = fields.One2many("sales.dept.checklist.role", "checklist_id", string="Roles Held by Nobody")
    policy_ids = fields.One2many("sales.dept.checklist.policy", "checklist_id", string="Rules")
    flow_ids = fields.Many2many("sales.approval.flow", string="Flows Without Signers", compute="_compute_flow_ids")
    department_id = fields.Many2one(related="company_id.sales_dept_department_id", readonly=False)
    is_all_on = fields.Boolean(compute="_compute_is_on")
    is_any_on = fields.Boolean(compute="_compute_is_on")

    @api.depends("role_ids.is_held")
    def _compute_flow_ids(self):
        Flow = self.env["sales.approval.flow"]
        for checklist in self:
            flows = Flow.with_company(checklist.company_id).search(
                [("company_id", "in", [False, checklist.company_id.id])]
            )
            checklist.flow_ids = flows.filtered("is_without_signer")

    @api.depends("policy_ids.is_on")
    def _compute_is_on(self):
        for checklist in self:
            states = checklist.policy_ids.mapped("is_on")
            checklist.is_all_on = all(states)
            checklist.is_any_on = any(states)

    @api.depends("company_id")
    def _compute_display_name(self):
        for checklist in self:
            checklist.display_name = self.env._("The Handbook's Rules")

    @api.model_create_multi
    def create(self, vals_list):
        checklists = super().create(vals_list)
        for checklist in checklists:
            checklist._fill()
        return checklists

    def _fill(self):
        """List the roles that nobody holds, and the policies with what each would do."""
        self.ensure_one()
        self.role_ids.unlink()
        self.policy_ids.unlink()
        unheld = [
            role for role in self.env["res.groups"]._sales_dept_roles() if not role._role_holders(self.company_id)
        ]
        self.env["sales.dept.checklist.role"].create(
            [{"checklist_id": self.id, "group_id": role.id} for role in unheld]
        )
        policies = self.env["sales.dept.checklist.policy"].create(
            [{"checklist_id": self.id, "policy": name} for name in self.company_id._sales_dept_handbook_values()]
        )
        policies._try()

    @api.model
    def action_open(self):
        """Open a checklist of the company at work, as things are now."""
        checklist = self.create({})
        return {
            "type": "ir.actions.act_window",
            "name": checklist.display_name,
            "res_model": self._name,
            "res_id": checklist.id,
            "views": [(False, "form")],
        }

    def action_look_again(self):
        self._fill()

    def action_switch_all_on(self):
        self.policy_ids.action_switch_on()

    def action_switch_all_off(self):
        self.policy_ids.action_switch_off()
