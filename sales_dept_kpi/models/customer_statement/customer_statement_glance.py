from odoo import models
from odoo.tools import format_date, formatLang

from odoo.addons.sales_dept_roles.models.approval.glance import Fact


class CustomerStatement(models.Model):
    """What finance sees at a glance before it verifies."""

    _inherit = "customer.statement"

    def _approval_glance(self, is_short=False):
        glance = super()._approval_glance(is_short)
        for statement in self:
            glance[statement.id] += statement._glance_facts()
        return glance

    def _glance_facts(self):
        def money(amount):
            return formatLang(self.env, amount, currency_obj=self.currency_id)

        period = " – ".join(format_date(self.env, day) for day in (self.date_from, self.date_to))
        return [
            Fact(self.env._("Customer"), self.partner_id.sudo().name),
            Fact(self.env._("Period"), period),
            Fact(self.env._("Opening Balance"), money(self.opening_balance)),
            Fact(self.env._("Shipments"), money(self.shipped_total)),
            Fact(self.env._("Receipts"), money(self.received_total)),
            Fact(self.env._("Closing Balance"), money(self.closing_balance)),
            Fact(self.env._("Confirmed By"), self.confirmed_by or "–"),
        ]
