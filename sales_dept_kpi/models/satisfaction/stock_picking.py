from odoo import models
from odoo.fields import Domain


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _satisfaction_ask(self):
        """Ask the customers of the deliveries `self`, each person once, as far as they may be asked."""
        Input = self.env["survey.user_input"]
        for company, pickings in self._filter_not_asked().grouped("company_id").items():
            rows = pickings._satisfaction_rows(company)
            refused = self.env["res.partner"].union(*(row["contact"] for row in rows))._satisfaction_refusals(company)
            Input._satisfaction_invite(company, [row for row in rows if row["contact"] not in refused])

    def _filter_not_asked(self):
        asked = self.env["survey.user_input"].search(Domain("sales_dept_picking_id", "in", self.ids))
        return self - asked.sales_dept_picking_id

    def _satisfaction_rows(self, company):
        """As :meth:`SurveyUserInput._satisfaction_invite` wants them; the last delivery of each person."""
        near = {picking._satisfaction_customer(): picking.sale_id.partner_id for picking in self}
        contacts = self.env["res.partner"].union(*near)._satisfaction_contacts(company, near)
        rows = {}
        for picking in self.sorted("date_done"):
            customer = picking._satisfaction_customer()
            if contact := contacts.get(customer):
                rows[contact.email_normalized] = {
                    "contact": contact,
                    "customer": customer,
                    "picking": picking,
                    "order": picking.sale_id,
                    "user": picking.sale_id.user_id,
                }
        return list(rows.values())

    def _satisfaction_customer(self):
        """Who ordered, wherever it was delivered to."""
        self.ensure_one()
        return (self.sale_id.partner_id or self.partner_id).commercial_partner_id
