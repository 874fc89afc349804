from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from .freight_statement_file import OPEN
from .letters import letters

ORDERS = [("dmy", "Day, month, year"), ("mdy", "Month, day, year"), ("ymd", "Year, month, day")]
SHOWN_ROWS = 20
SHOWN_COLUMNS = 40
# What a person says of a sheet; all else is found.
ANSWERS = {"use", "heading_row", "heading_lines", "date_order", "decimal", "column_ids"}


class FreightStatementFileSheet(models.Model):
    """A sheet of a file: whether it is read, where its headings stand, and what it asks."""

    _name = "freight.statement.file.sheet"
    _description = "Sheet of a Carrier's File"
    _order = "file_id, id"
    _check_company_auto = True

    file_id = fields.Many2one(
        "freight.statement.file", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="file_id.company_id", store=True, index=True)
    file_state = fields.Selection(related="file_id.state", string="Status of the File")
    name = fields.Char("Sheet of the File", readonly=True)
    is_visible = fields.Boolean("Visible", readonly=True)
    use = fields.Selection(
        [("read", "Read it"), ("skip", "Leave it")], "What to Do", help="A hidden sheet is read only if you say so."
    )
    row_total = fields.Integer("Rows", readonly=True)
    heading_row = fields.Integer("Headings in Row")
    heading_lines = fields.Selection([("1", "One line"), ("2", "Two lines")], default="1", required=True)
    date_order = fields.Selection(ORDERS, "Days Are Written As", help="Where a day like 03/04/2026 may be two.")
    decimal = fields.Selection([(".", "Point (1.5)"), (",", "Comma (1,5)")], "Decimals", default=".", required=True)
    is_remembered = fields.Boolean("Known Layout", readonly=True)
    signature = fields.Char(readonly=True)
    asks = fields.Json(readonly=True)
    preview = fields.Json(readonly=True)
    preview_html = fields.Html("First Rows", compute="_compute_preview_html", sanitize=False)
    column_ids = fields.One2many("freight.statement.file.column", "sheet_id", string="Columns")
    remarks = fields.Text(compute="_compute_remarks")

    @api.model
    def _prepare_values(self, file, sheet):
        """The values of what the reader found on a sheet."""
        reading = sheet["reading"] or {}
        use = "read" if sheet["used"] else "skip"
        if not sheet["used"] and any(problem["level"] == "ask" for problem in sheet["asks"]):
            # Nobody knows yet whether a hidden sheet counts; another one is what was dropped, and waits for answers.
            use = "read" if sheet["visible"] else False
        return {
            "file_id": file.id,
            "name": sheet["name"],
            "is_visible": sheet["visible"],
            "use": use,
            "row_total": sheet["rows"],
            "heading_row": reading.get("heading_row", 0),
            "heading_lines": str(reading.get("heading_lines", 1)),
            "date_order": reading.get("date_order"),
            "decimal": reading.get("decimal", "."),
            "is_remembered": reading.get("remembered", False),
            "signature": reading.get("signature"),
            "asks": sheet["asks"],
            "preview": sheet["preview"],
            "column_ids": [
                fields.Command.create(self.env["freight.statement.file.column"]._prepare_values(file, column, sheet))
                for column in reading.get("columns", ())
            ],
        }

    def _reading(self):
        """The reading of the sheet for the reader, as somebody left it."""
        return {
            "heading_row": self.heading_row,
            "heading_lines": int(self.heading_lines),
            "signature": self.signature,
            "columns": [column._as_data() for column in self.column_ids],
            "date_order": self.date_order or None,
            "decimal": self.decimal,
        }

    def write(self, vals):
        if not self.env.su and (vals.keys() - ANSWERS or any(state not in OPEN for state in self.mapped("file_state"))):
            raise UserError(self.env._("How a file is read is changed before it is read."))
        result = super().write(vals)
        if vals.keys() & ANSWERS:
            # The state follows from the answers; nobody writes it.
            self.file_id.sudo()._settle()
        return result

    # === QUESTIONS === #

    def _questions(self):
        """The sentences of what keeps the sheet from being read."""
        self.ensure_one()
        env, sheet = self.env, self.name or self.file_id.name
        if not self.use:
            return [
                env._("“%(sheet)s” is hidden, and has %(rows)s rows: is it read?", sheet=sheet, rows=self.row_total)
            ]
        if self.use != "read":
            return []
        if not self.heading_row or not self.column_ids:
            return [
                env._(
                    "“%(sheet)s”: no row looks like headings. Say in which row they stand, and look again.", sheet=sheet
                )
            ]
        fields_read = set(self.column_ids.mapped("field"))
        questions = []
        if "reference" not in fields_read:
            questions.append(env._("“%(sheet)s”: which column has the waybill numbers?", sheet=sheet))
        if not fields_read & {"charge", "amount"}:
            questions.append(env._("“%(sheet)s”: which column has the amounts?", sheet=sheet))
        for problem in self.asks or ():
            if problem["code"] in ("ambiguous_dates", "mixed_dates") and not self.date_order:
                questions.append(
                    env._(
                        "“%(sheet)s”: is “%(example)s” written with the day first, or with the month?",
                        sheet=sheet,
                        example=problem["params"]["example"],
                    )
                )
        return questions

    @api.depends("asks")
    @api.depends_context("lang")
    def _compute_remarks(self):
        for sheet in self:
            sentences = [sheet.file_id._ask_sentence(problem) for problem in sheet.asks or ()]
            sheet.remarks = "\n".join(filter(None, sentences))

    # === PREVIEW === #

    @api.depends("preview", "heading_row", "heading_lines", "column_ids.field")
    def _compute_preview_html(self):
        for sheet in self:
            sheet.preview_html = sheet._render_preview() if sheet.preview else Markup()

    def _render_preview(self):
        width = min(max((len(cells) for _number, cells in self.preview), default=0), SHOWN_COLUMNS)
        read = {column.position for column in self.column_ids if column.field}
        headings = range(self.heading_row, self.heading_row + int(self.heading_lines)) if self.heading_row else ()
        return self.env["ir.qweb"]._render(
            "sales_dept_logistics.freight_statement_file_preview",
            {
                "name": self.name,
                "rows": self.preview[:SHOWN_ROWS],
                "width": width,
                "read": read,
                "headings": headings,
                "letters": letters,
            },
        )
