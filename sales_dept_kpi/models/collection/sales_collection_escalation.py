from datetime import timedelta

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

CRON = "sales_dept_kpi.ir_cron_collection_escalation"
ESCALATED = "sales_dept_kpi.mail_activity_collection_escalated"


class SalesCollectionContact(models.Model):
    """What is overdue for long is told to who leads the department: once for each item, kept in the chasing log."""

    _inherit = "sales.collection.contact"

    @api.model
    def _cron_escalate(self):
        companies = self.env["res.company"].search(
            [("sales_dept_collection", "=", True), ("sales_dept_collection_escalation_days", ">", 0)]
        )
        self.env["sales.dept.job"]._run(
            CRON, companies, lambda batch: [self._escalate(company) for company in batch], batch_size=1
        )

    @api.model
    def _escalate(self, company):
        """Tell those who lead the department of `company` what is long overdue, and was not told before."""
        self.flush_model()
        self.env["sales.collection.basis"]._flush_basis()
        rows = self.env.execute_query(self._long_overdue_sql(company))
        leaders = self.env["sales.dept.role"]._leaders(company)
        if not rows or not leaders:
            return
        contacts = self.create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partner_id,
                    "kind": "escalation",
                    "move_line_ids": [Command.set(items)],
                }
                for partner_id, items in rows
            ]
        )
        self.env["sales.dept.telling"]._ask(
            ESCALATED,
            [(contact, leader, {"note": _overdue_text}) for contact in contacts for leader in leaders],
            per_person=True,
            quiet=True,
        )

    @api.model
    def _long_overdue_sql(self, company):
        """Rows of a customer and the items that are long overdue and were not told of, by account manager."""
        return SQL(
            """
            SELECT partner_id, ARRAY_AGG(id ORDER BY date_due, id)
              FROM (%(items)s) item
             WHERE kind = 'invoice' AND amount > 0 AND date_due <= %(limit)s::date AND partner_id IS NOT NULL
               AND NOT EXISTS (
                   SELECT 1 FROM sales_collection_contact_item_rel rel
                     JOIN sales_collection_contact contact ON contact.id = rel.contact_id
                    WHERE rel.move_line_id = item.id AND contact.kind = 'escalation')
          GROUP BY partner_id, user_id ORDER BY partner_id, user_id
            """,
            items=self.env["sales.collection.basis"]._open_items_sql(company),
            limit=company._local_today() - timedelta(days=company.sales_dept_collection_escalation_days),
        )


def _overdue_text(contact):
    """What is said of long overdue items, in their reader's language."""
    return contact.env._(
        "%(customer)s has not paid %(documents)s, overdue for %(days)s days or more. Account manager: %(person)s.",
        customer=contact.partner_id.name,
        documents=contact.items_text,
        days=contact.company_id.sales_dept_collection_escalation_days,
        person=contact.user_id.name,
    )
