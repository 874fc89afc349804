from odoo import api, fields, models


class SalesDeptTestDocument(models.Model):
    _name = "sales.dept.test.document"
    _description = "Test Document"
    _inherit = ["mail.thread", "mail.activity.mixin", "sales.approval.mixin"]

    name = fields.Char()
    amount = fields.Float()
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    granted_count = fields.Integer()
    refused_count = fields.Integer()

    def _approval_terms_spec(self):
        return {"name": None, "amount": None}

    def _on_approval_granted(self, approval):
        self.granted_count += 1
        return super()._on_approval_granted(approval)

    def _on_approval_refused(self, approval):
        self.refused_count += 1
        return super()._on_approval_refused(approval)


class SalesDeptTestResult(models.Model):
    _name = "sales.dept.test.result"
    _description = "Test Result"
    _inherit = ["mail.thread", "sales.dept.protected.mixin"]

    name = fields.Char()
    figure = fields.Float(tracking=True)
    double = fields.Float(compute="_compute_double", store=True)

    def _protected_fields(self):
        return super()._protected_fields() | {"figure"}

    @api.depends("figure")
    def _compute_double(self):
        for record in self:
            record.double = 2 * record.figure
