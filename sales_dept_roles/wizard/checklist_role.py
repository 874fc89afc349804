from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SalesDeptChecklistRole(models.TransientModel):
    """A role that nobody in the company held when the checklist was opened."""

    _name = "sales.dept.checklist.role"
    _description = "Role Held by Nobody"

    checklist_id = fields.Many2one("sales.dept.checklist", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="checklist_id.company_id")
    group_id = fields.Many2one("res.groups", "Role", required=True, readonly=True, ondelete="cascade")
    flow_names = fields.Char("Signs", compute="_compute_flow_names")
    user_ids = fields.Many2many(
        "res.users", string="Give It To", domain="[('share', '=', False), ('company_ids', 'in', [company_id])]"
    )
    is_held = fields.Boolean(compute="_compute_is_held")

    @api.depends("group_id")
    def _compute_flow_names(self):
        for role in self:
            steps = self.env["sales.approval.flow.step"].search(
                [("group_id", "=", role.group_id.id), ("company_id", "in", [False, role.company_id.id])]
            )
            role.flow_names = ", ".join(steps.flow_id.mapped("name"))

    @api.depends("group_id")
    def _compute_is_held(self):
        for role in self:
            role.is_held = bool(role.group_id._role_holders(role.company_id))

    def action_give(self):
        """Give the role to those who were chosen."""
        for role in self:
            if not role.user_ids:
                raise UserError(
                    self.env._(
                        "Choose who is to be %(role)s first.",
                        role=role.group_id.with_context(short_display_name=True).display_name,
                    )
                )
            role.user_ids.write({"group_ids": [Command.link(role.group_id.id)]})
