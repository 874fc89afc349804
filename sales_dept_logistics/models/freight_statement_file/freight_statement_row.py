from odoo import api, fields, models


class FreightStatementRow(models.Model):
    """A row and the file that it came in: each place of a file once."""

    _inherit = "freight.statement.row"

    file_id = fields.Many2one(
        "freight.statement.file", readonly=True, index="btree_not_null", ondelete="cascade", check_company=True
    )
    position = fields.Integer("Place in the File", readonly=True, help="From 0 on, over all sheets that are read.")
    exclusion = fields.Selection(
        selection_add=[("title", "Title"), ("remark", "Remark")],
        ondelete={"title": "set null", "remark": "set null"},
    )
    flags = fields.Json(readonly=True, help="What was noticed in its cells.")
    is_flagged = fields.Boolean("To Look At", readonly=True, help="A cell of it could not be read.")
    reading_note = fields.Char("Note of the Reading", compute="_compute_reading_note")
    text = fields.Char("As It Came (Text)", compute="_compute_text")

    _once = models.UniqueIndex(
        "(file_id, position) WHERE file_id IS NOT NULL", "This row of the file is there already."
    )

    @api.depends("flags")
    @api.depends_context("lang")
    def _compute_reading_note(self):
        for row in self:
            row.reading_note = row.file_id._row_note(row.sheet, row.row_number, row.flags) if row.flags else False

    @api.depends("raw")
    def _compute_text(self):
        for row in self:
            cells = row.raw if isinstance(row.raw, list) else [row.raw]
            row.text = " | ".join(str(cell) for cell in cells if cell not in (None, ""))
