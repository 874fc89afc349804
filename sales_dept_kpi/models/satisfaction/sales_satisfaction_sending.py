from datetime import time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

CRON = "sales_dept_kpi.ir_cron_satisfaction"
# How long a delivery may wait to be asked about: what is older nobody remembers.
LATEST_DAYS = 14
QUARTER_DAYS = 30


class SalesSatisfactionSending(models.AbstractModel):
    """Customers are asked by themselves: after deliveries, or once a quarter about the last one."""

    _name = "sales.satisfaction.sending"
    _description = "Sending of Satisfaction Surveys"

    @api.model
    def _cron_send(self):
        companies = self.env["res.company"].search([("sales_dept_satisfaction_sending", "!=", "off")])
        by_mode = companies.grouped("sales_dept_satisfaction_sending")
        Picking, Job = self.env["stock.picking"], self.env["sales.dept.job"]
        due = Picking.union(*map(self._deliveries_due, by_mode.get("delivery", ())))
        if due := due._filter_not_asked():
            Job._run(CRON, due, lambda batch: batch._satisfaction_ask(), batch_size=50)
        for company in by_mode.get("quarter", ()):
            first = self._quarter_asked_about(company)
            if first and (customers := self._customers_due(company, first)):
                Job._run(CRON, customers, self._asking(company, first), batch_size=50)

    @api.model
    def _deliveries_due(self, company):
        """Deliveries to customers of `company` that left as long ago as it waits, not much longer."""
        last = company._local_today() - timedelta(days=company.sales_dept_satisfaction_delay)
        return self.env["stock.picking"].search(
            self._shipped_domain(company, last - timedelta(days=LATEST_DAYS), last + timedelta(days=1))
        )

    @api.model
    def _shipped_domain(self, company, since, until):
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "done")
            & Domain("location_dest_id.usage", "=", "customer")
            & Domain("partner_id", "!=", False)
            & Domain("date_done", ">=", company._moment_of(since, time()))
            & Domain("date_done", "<", company._moment_of(until, time()))
        )

    @api.model
    def _quarter_asked_about(self, company):
        """First day of the quarter that is over, as long as it is worth asking about; else None."""
        today = company._local_today()
        begun = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        return begun - relativedelta(months=3) if (today - begun).days < QUARTER_DAYS else None

    @api.model
    def _customers_due(self, company, first):
        """Customers to whom something was shipped in the quarter from `first` on, and who were not asked about it."""
        shipped = self.env["stock.picking"]._read_group(
            self._shipped_domain(company, first, first + relativedelta(months=3)), ["sale_id", "partner_id"]
        )
        # Who ordered, wherever it was delivered to.
        buyers = [order.partner_id or partner for order, partner in shipped]
        customers = self.env["res.partner"].union(*buyers).commercial_partner_id
        asked = self.env["survey.user_input"].search(
            Domain("sales_dept_company_id", "=", company.id)
            & Domain("sales_dept_period", "=", first)
            & Domain("sales_dept_partner_id", "in", customers.ids)
        )
        return customers - asked.sales_dept_partner_id

    @api.model
    def _asking(self, company, first):
        """The work of the job: ask a batch of customers about the quarter from `first` on."""

        def ask(customers):
            customers = customers & self._customers_due(company, first)
            contacts = customers._satisfaction_contacts(company)
            asked = self.env["res.partner"].union(*contacts.values())
            refused = asked._satisfaction_refusals(company)
            rows = [
                {"contact": contact, "customer": customer, "period": first}
                for customer, contact in contacts.items()
                if contact and contact not in refused
            ]
            self.env["survey.user_input"]._satisfaction_invite(company, rows)

        return ask
