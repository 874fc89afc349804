from datetime import time

from odoo import api, fields, models
from odoo.tools import format_date

CRON = "sales_dept_kpi.ir_cron_invoicing_due"
INVOICE = "sales_dept_kpi.mail_activity_invoicing_due"
NOON = time(12)


class SaleOrder(models.Model):
    """The account manager is asked to invoice what left, some working days before the customer closes."""

    _inherit = "sale.order"

    @api.model
    def _cron_ask_to_invoice(self):
        """Ask for what falls due, and take back what was asked for orders that are invoiced meanwhile."""
        for company in self.env["res.company"].search([("sales_dept_invoicing_days", ">", 0)]):
            self.with_company(company).with_context(allowed_company_ids=company.ids)._ask_to_invoice_of(company)

    def _ask_to_invoice_of(self, company):
        waiting = self._waiting_to_be_invoiced(company)
        asked = self.env["mail.activity"].search(
            [
                ("res_model", "=", self._name),
                ("activity_type_id", "=", self.env.ref(INVOICE).id),
                ("res_id", "in", self._search([("company_id", "=", company.id)])),
            ]
        )
        orders = self.browse(sorted({*waiting, *asked.mapped("res_id")}))
        self.env["sales.dept.job"]._run(CRON, orders, lambda batch: batch._ask_to_invoice(waiting))

    @api.model
    def _waiting_to_be_invoiced(self, company):
        """``{order id: (first closing day, what is to be invoiced)}`` of what falls due within the company's limit."""
        due = self.env["sales.invoicing.due"]._read_group(
            [("company_id", "=", company.id), ("remaining_amount", ">", 0)],
            ["order_id", "closing_date:day"],
            ["remaining_amount:sum"],
            order="closing_date:day",
        )
        now = fields.Datetime.now()
        days = company.resource_calendar_id._working_days_between(
            [(now, company._moment_of(day, NOON)) for _order, day, _amount in due], company
        )
        waiting = {}
        for (order, day, amount), left in zip(due, days, strict=True):
            if left <= company.sales_dept_invoicing_days:
                first, sum_before = waiting.get(order.id, (day, 0.0))
                waiting[order.id] = (first, sum_before + amount)
        return waiting

    def _ask_to_invoice(self, waiting):
        """Bring the activities on `self` to what is `waiting` to be invoiced."""
        self.env["sales.dept.telling"]._ask(
            INVOICE,
            [
                (order, order.user_id, order._prepare_invoicing_todo(*waiting[order.id]))
                for order in self
                if order.id in waiting and order.user_id.active
            ],
            quiet=True,
        )
        self.filtered(lambda order: order.id not in waiting).activity_unlink([INVOICE])

    def _prepare_invoicing_todo(self, day, amount):
        return {
            "date_deadline": day,
            "note": lambda order: order.env._(
                "%(amount)s of what left is not invoiced. %(customer)s closes its books on %(day)s: until then the "
                "invoice is to be in its hands.",
                amount=order.company_id.currency_id.format(amount),
                customer=order.partner_id.commercial_partner_id.display_name,
                day=format_date(order.env, day),
            ),
        }
