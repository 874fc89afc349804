import base64

from odoo import api, fields, models

from odoo.addons.sales_dept_roles.models.protected_results.key import Key


class CustomerStatementIssue(models.Model):
    """A version of a statement as it went out: what it came to, and the paper itself."""

    _name = "customer.statement.issue"
    _description = "Issue of a Customer Statement"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "statement_id, version desc"
    _rec_name = "version"
    _check_company_auto = True

    statement_id = fields.Many2one("customer.statement", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    version = fields.Integer(required=True, readonly=True)
    date = fields.Datetime("Sent On", readonly=True)
    user_id = fields.Many2one("res.users", "Sent By", readonly=True)
    email = fields.Char("Sent To", readonly=True)
    closing_balance = fields.Monetary(readonly=True)
    lines_digest = Key("Digest of the Lines", readonly=True)
    paper = fields.Binary("PDF", readonly=True, attachment=True)
    paper_name = fields.Char(readonly=True)
    sheet = fields.Binary("XLSX", readonly=True, attachment=True)
    sheet_name = fields.Char(readonly=True)

    _version_once = models.Constraint("UNIQUE (statement_id, version)", "This version went out already.")

    @api.model
    def _proof_fields(self):
        return super()._proof_fields() | {"paper", "sheet"}

    @api.model
    def _record(self, statement, email):
        """Keep `statement` as it goes out now.

        :return: the issue
        """
        name = statement._file_name()
        reader = statement.sudo().with_context(lang=statement.partner_id.lang)
        return self.sudo().create(
            {
                "statement_id": statement.id,
                "version": statement.version,
                "date": fields.Datetime.now(),
                "user_id": self.env.uid,
                "email": email,
                "closing_balance": statement.closing_balance,
                "lines_digest": statement.lines_digest,
                "paper": reader._paper_content(),
                "paper_name": f"{name}.pdf",
                "sheet": reader._sheet_content(),
                "sheet_name": f"{name}.xlsx",
            }
        )

    def _content(self, field):
        """The file `field` as bytes; one that could not be made when it was sent is made now, of the same lines."""
        self.ensure_one()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_field", "=", field), ("res_id", "=", self.id)], limit=1)
        )
        if attachment:
            return attachment.raw
        statement = self.statement_id.with_context(lang=self.statement_id.partner_id.lang)
        return base64.b64decode(statement._paper_content() if field == "paper" else statement._sheet_content())
