from odoo import api, fields, models
from odoo.fields import Domain

from ..target.span import span_of
from .asked import Days

FIGURES = [("order", "Orders"), ("shipment", "Shipments"), ("invoice", "Invoices"), ("receipt", "Receipts")]


class SalesProgressDocument(models.Model):
    """What the daily progress is made of: confirmed orders, shipments, invoices and receipts, with their amounts.

    One row per document and, of a receipt, per person whose invoices it pays. It is read from the documents whenever
    somebody looks, for the days that the search asks for.
    """

    _name = "sales.progress.document"
    _description = "Document behind the Daily Progress"
    _inherit = ["sales.document.link.mixin"]
    _auto = False
    _order = "date desc, figure, id"
    _depends = {
        "account.move": ["invoice_user_id", "move_type", "name", "team_id"],
        "account.move.line": ["account_id", "balance", "company_id", "date", "journal_id", "move_id", "parent_state"],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id"],
        "account.payment": ["name"],
        "res.partner": ["commercial_partner_id", "user_id"],
        "res.users": ["sale_team_id"],
    }

    name = fields.Char("Document", readonly=True)
    date = fields.Date(readonly=True, help="At the company.")
    figure = fields.Selection(FIGURES, "What", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    team_id = fields.Many2one("crm.team", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    res_model = fields.Char("Document Model", readonly=True)
    res_id = fields.Many2oneReference("Document ID", model_field="res_model", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        help="Untaxed, in the company's currency at the rate of the document; less returns and credit notes. "
        "Receipts are what was paid, with tax.",
    )

    # === THE ROWS === #

    @property
    def _table_query(self):
        asked = self.env.context.get("sales_progress_days") or Days(None, None)
        companies = self.env.companies
        if self.ids:
            asked, companies = self._asked_by_ids(self.ids)
        return self._documents_sql(asked, companies)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Have the rows made for the days, or the ids, that `domain` asks for, and for no others."""
        wanted = Domain(domain).optimize_full(self)
        # "That day, or that customer" is any day.
        days = Days(*span_of(wanted))
        ids = [
            key
            for leaf in wanted.iter_conditions()
            if (leaf.field_expr, leaf.operator) == ("id", "in")
            for key in leaf.value
        ]
        rows = self.browse(() if any(days) else ids)
        return super(SalesProgressDocument, rows.with_context(sales_progress_days=days))._search(
            domain, *args, **kwargs
        )

    # === ACTIONS === #

    @api.readonly
    def action_open_document(self):
        return self._open_document(self.env._("%(document)s was deleted.", document=self.name))
