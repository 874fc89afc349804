from odoo import api, models
from odoo.fields import Domain


class ResGroups(models.Model):
    _inherit = "res.groups"

    @api.model
    def _sales_dept_roles(self):
        """The department's roles, in their order."""
        privilege = self.env.ref("sales_dept_roles.privilege_sales_dept")
        return self.sudo().search(Domain("privilege_id", "=", privilege.id), order="sequence, id")

    def _role_holders(self, company):
        """Who holds the role in `company`: they are asked for its signatures there."""
        self.ensure_one()
        # Whoever looks at a flow reads who signs, whatever users they may see.
        users = self.env["res.users"].sudo()
        held = Domain("all_group_ids", "in", self.ids) & Domain("share", "=", False)
        return users.search(held & Domain("company_ids", "in", company.ids))
