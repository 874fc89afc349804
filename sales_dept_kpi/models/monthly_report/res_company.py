from datetime import timedelta

from odoo import fields, models

from odoo.addons.sales_dept_logistics.models.stock_ageing.days import month_end

MOST_DAYS = 20


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_monthly_report = fields.Boolean(
        "Monthly Summary Report",
        help="After each month's end the report of each person whose post writes one is made, with its figures, and "
        "that of the department; who has not submitted theirs is reminded once.",
    )
    sales_dept_monthly_report_days = fields.Integer(
        "Monthly Report: Working Days",
        default=3,
        help="On this working day of the next month a report is due.",
    )

    _sales_dept_monthly_report_days_in_bounds = models.Constraint(
        f"CHECK (sales_dept_monthly_report_days BETWEEN 1 AND {MOST_DAYS})",
        f"Monthly reports are due on a working day of the next month, from the first to the {MOST_DAYS}th.",
    )

    def _sales_dept_handbook_values(self):
        return {**super()._sales_dept_handbook_values(), "sales_dept_monthly_report": True}

    def _monthly_report_due(self, date_from):
        """The day on which the reports of the month that begins on `date_from` are due."""
        self.ensure_one()
        company = self.sudo()
        last = month_end(date_from)
        clock = company.resource_calendar_id._working_days_from(company, last + timedelta(days=1))
        due = clock.number(clock.count(last) + company.sales_dept_monthly_report_days)
        # A schedule without working days has calendar days.
        return due or last + timedelta(days=company.sales_dept_monthly_report_days)

    def _monthly_report_writers(self):
        """The people of the company whose posts write a monthly report."""
        self.ensure_one()
        # Who holds a post is no secret, and the system asks them whoever is at work.
        roles = (
            self.env["sales.dept.role"]
            .sudo()
            .search([("writes_monthly_report", "=", True), ("company_id", "in", [False, self.id])])
        )
        users = roles.group_id.all_user_ids | roles.assigned_user_ids
        return users.filtered(lambda user: user.active and not user.share and self in user.company_ids)
