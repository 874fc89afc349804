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

    # === PLACES === #

    def _manpower_hires(self):
        """Return ``{job: sorted moments at which people were hired for it}``, in one query.

        Not counted are those who declined, and who left again, unless their trial period was over by then.
        """
        hires = {job: [] for job in self}
        applicants = self.env["hr.applicant"].sudo().with_context(active_test=False)
        hired = applicants.search_fetch(
            [("job_id", "in", self.ids), ("date_closed", "!=", False), ("refuse_reason_id", "=", False)],
            ["job_id", "date_closed", "employee_id"],
            order="date_closed, id",
        )
        for applicant in hired:
            employee = applicant.employee_id
            passed_trial = (
                employee.trial_date_end
                and employee.departure_date
                and employee.trial_date_end < employee.departure_date
            )
            if not employee or employee.active or passed_trial:
                hires[applicant.job_id].append(applicant.date_closed)
        return hires

    def _manpower_open_places(self):
        """Return ``{job: how many people its requisitions wait for}``."""
        requisitions = self.env["sales.manpower.requisition"].sudo()
        of_job = requisitions._of_jobs(self).grouped("opened_job_id")
        return {job: of_job.get(job, requisitions)._open_places() for job in self}

    def _manpower_ask_again(self, before):
        """Recruit for the places of `self` that were released, or taken again, since they were as `before`."""
        for job, places in self._manpower_open_places().items():
            job._manpower_ask_for(places - before[job])

    def _manpower_ask_for(self, more):
        """Change how many people Recruitment looks for by `more`, which may be negative."""
        for job in self:
            if more:
                job.no_of_recruitment = max(job.no_of_recruitment + more, 0)

    def action_open_requisitions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_sales_manpower_requisitions")
        return {**action, "domain": [("opened_job_id", "=", self.id)], "context": {"create": False}}
