from odoo import fields, models


class FreightStatementRow(models.Model):
    """One row of a carrier's file, as it came: nothing that was sent is lost, whatever was made of it.

    Reading makes rows, and takes back those of a file; no group has a right to.
    """

    _name = "freight.statement.row"
    _description = "Row of a Freight Statement"
    _order = "statement_id, id"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "freight.statement", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    sheet = fields.Char("Sheet of the File", readonly=True)
    row_number = fields.Integer("Row", readonly=True)
    raw = fields.Json("As It Came", readonly=True)
    exclusion = fields.Selection(
        [
            ("blank", "Empty row"),
            ("heading", "Heading"),
            ("total", "Total"),
            ("manual", "Left out by hand"),
        ],
        "Left Out",
        help="Why the row is no charge; empty: its charges are lines.",
    )
    note = fields.Char("Remark")
    line_ids = fields.One2many("freight.statement.line", "row_id", string="Charges", readonly=True)
