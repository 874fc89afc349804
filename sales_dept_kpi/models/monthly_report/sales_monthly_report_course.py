from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.sales_dept_logistics.models.stock_ageing.days import last_month_end
from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context

from ..kpi.sales_kpi_month import LEADERS
from .sales_monthly_report import OPEN


class SalesMonthlyReport(models.Model):
    """The way of a report: made by the system or on demand, filled with figures, submitted."""

    _inherit = "sales.monthly.report"

    # === ACTIONS === #

    def action_take_figures(self):
        """Take the figures and open documents of the reports `self` as they are now."""
        for report in self:
            report.check_access("read")
            report._check_open()
            if not report.can_take:
                raise AccessError(
                    self.env._(
                        "The figures of %(report)s are taken by its writer, or by those who lead the department.",
                        report=report.display_name,
                    )
                )
        without_client_context(self.sudo())._take_figures()
        return True

    @api.readonly
    def action_open_lines(self):
        self.ensure_one()
        return self._table_action("sales_dept_kpi.action_sales_monthly_report_lines")

    @api.readonly
    def action_open_figures(self):
        self.ensure_one()
        return self._table_action("sales_dept_kpi.action_sales_monthly_report_figures")

    @api.readonly
    def action_open_reports(self):
        """From the department's report to those of its people."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_monthly_reports")
        return {**action, "domain": self._people_domain(), "context": {}}

    @api.readonly
    def action_export_lines(self):
        """Download the report's open documents as XLSX."""
        self.ensure_one()
        self.check_access("read")
        if not self.line_ids:
            raise UserError(self.env._("%(report)s lists no open documents.", report=self.display_name))
        return self.line_ids.action_export_register()

    def _table_action(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        return {**action, "domain": [("report_id", "=", self.id)], "context": {}}

    def _open_form(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === MAKING === #

    @api.model
    def _may_make(self):
        """Whether the user may have reports made, and their figures taken."""
        return self.env.su or any(map(self.env.user.has_group, LEADERS))

    @api.model
    def _make(self, company, date_from, users):
        """Make the reports that `users` of `company`, and its department, lack of a month; return the new ones.

        As superuser. `date_from` is the month's first day.
        """
        present = self.search(Domain("company_id", "=", company.id) & Domain("date_from", "=", date_from))
        writers = users - present.filtered(lambda report: report.kind == "person").user_id
        values = [self._prepare_values("person", company, date_from, user) for user in writers.sorted("id")]
        head = self._department_writer(company)
        if head and "department" not in present.mapped("kind"):
            values.append(self._prepare_values("department", company, date_from, head))
        reports = self.with_company(company).create(values)
        # Of the people first: the department's is made of theirs.
        people = reports.filtered(lambda report: report.kind == "person")
        people._adopt_plans()
        people._take_figures()
        (present | reports).filtered(lambda report: report.kind == "department")._adopt_plans()
        (present | reports).filtered(
            lambda report: report.kind == "department" and report.state in OPEN
        )._take_figures()
        reports._approval_refresh_activities()
        return reports

    @api.model
    def _prepare_values(self, kind, company, date_from, user):
        return {"kind": kind, "company_id": company.id, "date_from": date_from, "user_id": user.id}

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        for (company, date_from), of_month in reports.grouped(
            lambda report: (report.company_id, report.date_from)
        ).items():
            of_month._write_protected({"due_date": company._monthly_report_due(date_from)})
        return reports

    def _adopt_plans(self):
        """Ask in the reports `self` what came of the plans that were submitted before, and are asked in no report."""
        Item = self.env["sales.monthly.report.item"].sudo()
        for (company, kind), reports in self.grouped(lambda report: (report.company_id, report.kind)).items():
            planned = (
                Domain(Item._unanswered())
                & Domain("report_id.kind", "=", kind)
                & Domain("company_id", "=", company.id)
                & Domain("date_from", "<", max(reports.mapped("date_from")))
            )
            if kind == "person":
                planned &= Domain("user_id", "in", reports.user_id.ids)
            of_user = Item.search(planned).grouped(lambda item, kind=kind: kind == "person" and item.user_id)
            # Of several reports the first one after the plan asks.
            for report in reports.sorted("date_from"):
                items = of_user.get(kind == "person" and report.user_id, Item)
                items.filtered(
                    lambda item, report=report: not item.answer_report_id and item.date_from < report.date_from
                )._adopt(report)

    def _take_figures(self):
        """Take the figures of the open reports `self`, as superuser; those of a company and month together."""
        for (company, _date, kind), reports in self.grouped(
            lambda report: (report.company_id, report.date_from, report.kind)
        ).items():
            of_company = reports.with_company(company)
            if kind == "person":
                of_company._fill_figures()
                of_company._fill_lines()
            else:
                of_company._roll_up()
        self._write_protected({"figures_date": fields.Datetime.now()})
        self._refresh_members()

    # === SUBMITTING === #

    def _on_submitted(self):
        """Note when the reports `self` were submitted, and ask what was planned in the next one that is there."""
        for report in without_client_context(self.sudo()):
            if not report.submitted_date:
                today = report.company_id._local_today()
                report._write_protected(
                    {
                        "submitted_date": fields.Datetime.now(),
                        "submitted_late": bool(report.due_date) and today > report.due_date,
                    }
                )
            report._next_open()._adopt_plans()
            report._refresh_members()
            report._approval_refresh_activities()

    def _next_open(self):
        """The next report of the same person, or of the department, where it is there and open; or none."""
        self.ensure_one()
        later = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("kind", "=", self.kind)
            & Domain("date_from", ">", self.date_from)
            & Domain("state", "in", OPEN)
        )
        if self.kind == "person":
            later &= Domain("user_id", "=", self.user_id.id)
        return self.search(later, order="date_from", limit=1)

    # === EACH MONTH === #

    @api.model
    def _cron_month_end(self):
        """Make last month's reports, in each company that wants them."""
        companies = self.env["res.company"].search([("sales_dept_monthly_report", "=", True)])
        self.env["sales.dept.job"]._run(
            "sales_dept_kpi.ir_cron_monthly_reports",
            companies.filtered(self._lacks_last_month),
            self._make_last_month,
            batch_size=1,
        )

    @api.model
    def _last_month_of(self, company):
        return last_month_end(company._local_today()).replace(day=1)

    @api.model
    def _lacks_last_month(self, company):
        reports = self.search(
            Domain("company_id", "=", company.id) & Domain("date_from", "=", self._last_month_of(company))
        )
        people = reports.filtered(lambda report: report.kind == "person").user_id
        lacks_department = "department" not in reports.mapped("kind") and self._department_writer(company)
        return bool(company._monthly_report_writers() - people or lacks_department)

    @api.model
    def _make_last_month(self, companies):
        for company in companies:
            self._make(company, self._last_month_of(company), company._monthly_report_writers())
