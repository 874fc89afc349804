from odoo import api, fields, models
from odoo.fields import Domain

from .customer_statement import ONE_DAY, READERS


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_statement_ids = fields.One2many("customer.statement", "partner_id", "Customer Statements", groups=READERS)
    customer_statement_count = fields.Integer(
        "Number of Statements", compute="_compute_customer_statement_count", groups=READERS
    )
    is_statement_due = fields.Boolean(
        "Statement to Be Made",
        compute="_compute_is_statement_due",
        search="_search_is_statement_due",
        groups="base.group_user",
        help="Its closing day passed, and there is no statement until that day yet.",
    )

    @api.depends("customer_statement_ids")
    def _compute_customer_statement_count(self):
        counts = dict(
            self.env["customer.statement"]._read_group([("partner_id", "in", self.ids)], ["partner_id"], ["__count"])
        )
        for partner in self:
            partner.customer_statement_count = counts.get(partner._origin, 0)

    @api.depends_context("company")
    def _compute_is_statement_due(self):
        due = set(self._statement_due_ids())
        for partner in self:
            partner.is_statement_due = partner.id in due

    @api.model
    def _search_is_statement_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in" if True in value else "not in", self._statement_due_ids())

    @api.model
    def _statement_due_ids(self):
        company = self.env.company
        due = self.env["customer.statement"]._due(company, company._local_today() - ONE_DAY)
        return [partner.id for partner, _currency, _day in due]

    def action_make_statements(self):
        """Open the dialog with the customers of `self`."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Make Statements"),
            "res_model": "customer.statement.make",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }

    def action_open_statements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_customer_statements")
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)], "context": {}}
