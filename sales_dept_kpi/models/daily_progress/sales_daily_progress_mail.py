from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..kpi.sales_kpi_month import LEADERS


class SalesDailyProgress(models.Model):
    """The day's sheet by mail, once work has closed."""

    _inherit = "sales.daily.progress"

    @api.model
    def _cron_mail(self):
        companies = self.env["res.company"].search([("sales_dept_daily_mail", "=", True)])
        due = companies.filtered(self._is_mail_due)
        if due:
            self.env["sales.dept.job"]._run(
                "sales_dept_kpi.ir_cron_daily_progress_mail", due, self._mail_companies, batch_size=1
            )

    @api.model
    def _is_mail_due(self, company):
        """Whether work has closed at `company` today, and its people have not been told yet."""
        today = company._local_today()
        if company.sales_dept_daily_mail_date == today:
            return False
        clock = company.resource_calendar_id._working_days_from(company, today.replace(day=1))
        worked = clock.between(today, today)
        return bool(worked) and clock.close(today) <= fields.Datetime.now()

    @api.model
    def _mail_companies(self, companies):
        for company in companies:
            self._mail_day(company, company._local_today())
            company.sales_dept_daily_mail_date = company._local_today()

    @api.model
    def _mail_day(self, company, day):
        """Send the readers of `company` its sheet of `day`, each in their language."""
        sheet = self.with_context(allowed_company_ids=company.ids).search(Domain("date", "=", day))
        self.env["sales.dept.telling"]._notify(
            self._mail_readers(company),
            lambda reader: reader.env._(
                "Daily progress of %(day)s: %(company)s", day=format_date(reader.env, day), company=company.name
            ),
            lambda reader: reader.env["ir.qweb"]._render(
                "sales_dept_kpi.daily_progress_mail",
                sheet.with_context(lang=reader.env.lang)._mail_values(company, day),
            ),
            force_send=False,
        )

    @api.model
    def _mail_readers(self, company):
        users = self.env["res.users"].union(*(self.env.ref(role)._role_holders(company) for role in LEADERS))
        return users.filtered("sales_dept_daily_mail")

    def _mail_values(self, company, day):
        """What the mail's template wants to know of the rows `self`: those with anything to tell, and their sums."""
        names = [name for name, field in self._fields.items() if field.type == "monetary"]
        told = self.filtered(lambda row: any(row[name] for name in names))
        total = {name: sum(told.mapped(name)) for name in names}
        planned = sum(told.filtered("plan_day").mapped("reached"))
        total["share"] = 100 * planned / total["plan_day"] if total["plan_day"] else False
        return {"rows": told, "total": total, "company": company, "day": day}
