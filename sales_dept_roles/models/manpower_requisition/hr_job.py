from odoo import api, fields, models

LEADERS = "sales_dept_roles.group_director,sales_dept_roles.group_general_manager"


class HrJob(models.Model):
    _inherit = "hr.job"

    requisition_ids = fields.One2many(
        "sales.manpower.requisition", "opened_job_id", string="Manpower Requisitions", groups=LEADERS
    )
    requisition_count = fields.Integer(compute="_compute_requisition_count", groups=LEADERS)

    @api.depends("requisition_ids")
    def _compute_requisition_count(self):
        counts = dict(
            self.env["sales.manpower.requisition"]._read_group(
                [("opened_job_id", "in", self.ids)], ["opened_job_id"], ["__count"]
            )
        )
        for job in self:
            job.requisition_count = counts.get(job, 0)

    def action_open_requisitions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_sales_manpower_requisitions")
        return {**action, "domain": [("opened_job_id", "=", self.id)], "context": {"create": False}}
