from odoo import api, fields, models
from odoo.exceptions import UserError

from .freight_statement_file import OPEN

ANSWERS = {"field", "kind_id", "sign"}
SHOWN_SAMPLES = 3


class FreightStatementFileColumn(models.Model):
    """A column of a sheet, and what it is read as."""

    _name = "freight.statement.file.column"
    _description = "Column of a Carrier's File"
    _order = "sheet_id, position"
    _rec_name = "heading"
    _check_company_auto = True

    sheet_id = fields.Many2one(
        "freight.statement.file.sheet",
        "Sheet of the File",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    file_id = fields.Many2one(related="sheet_id.file_id", store=True, index=True)
    file_state = fields.Selection(related="sheet_id.file_state", string="Status of the File")
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, index=True)
    position = fields.Integer(readonly=True)
    heading = fields.Char(readonly=True)
    samples = fields.Char("First Cells", readonly=True)
    field = fields.Selection(
        [
            ("reference", "Waybill number"),
            ("ship_date", "Date shipped"),
            ("destination", "Destination"),
            ("pieces", "Pieces"),
            ("weight", "Weight (kg)"),
            ("chargeable_weight", "Chargeable weight (kg)"),
            ("volume", "Volume (m³)"),
            ("charge", "Amount of one kind of charge"),
            ("amount", "Amount"),
            ("charge_label", "Name of the charge"),
            ("total", "Sum of the row"),
            ("tax_amount", "Tax"),
            ("tax_rate", "Tax %"),
            ("currency", "Currency"),
            ("note", "Remark"),
        ],
        "Read As",
        help="Empty: the column is kept as it came, and not read.",
    )
    kind_id = fields.Many2one(
        "freight.charge.kind", "Kind of Charge", ondelete="restrict", check_company=True, index="btree_not_null"
    )
    sign = fields.Selection([("1", "Added"), ("-1", "Taken off")], "Counts", default="1", required=True)
    score = fields.Float("Sure", readonly=True, digits=(3, 2), help="1: the very word; less: a part of it.")
    why = fields.Selection(
        [
            ("word", "The very word"),
            ("part", "Part of the heading"),
            ("weak", "A word that may mean it"),
            ("ending", "Ends like a charge"),
            ("remembered", "As in the file before"),
            ("hand", "Chosen by hand"),
        ],
        readonly=True,
    )
    found = fields.Json(readonly=True)

    @api.model
    def _prepare_values(self, file, column, sheet):
        return {
            "position": column["position"],
            "heading": column["heading"],
            "samples": self._samples(column["position"], sheet),
            "field": column["field"],
            "kind_id": self._kind(file, column["kind"]).id,
            "sign": str(column["sign"]),
            "score": column["score"],
            "why": column["why"] or False,
            "found": column,
        }

    @api.model
    def _samples(self, position, sheet):
        below = sheet["reading"]["heading_row"] + sheet["reading"]["heading_lines"]
        cells = [row[position] for number, row in sheet["preview"] if number >= below and position < len(row)]
        return " · ".join([cell for cell in cells if cell][:SHOWN_SAMPLES])

    @api.model
    def _kind(self, file, code):
        return self.env["freight.charge.kind"].search(
            [("code", "=", code), ("company_id", "in", [False, file.company_id.id])],
            order="company_id NULLS LAST",
            limit=1,
        )

    def _as_data(self):
        """The column for the reader."""
        return {
            **(self.found or {}),
            "position": self.position,
            "heading": self.heading or "",
            "field": self.field or None,
            "kind": self.kind_id.code or None,
            "sign": int(self.sign),
        }

    def write(self, vals):
        if not self.env.su:
            states = self.sheet_id.mapped("file_state")
            if vals.keys() - ANSWERS or any(state not in OPEN for state in states):
                raise UserError(self.env._("How a file is read is changed before it is read."))
            if "field" in vals:
                vals = {**vals, "why": "hand", "score": 1}
                self._leave_to(vals["field"])
        result = super().write(vals)
        self.sheet_id.file_id.sudo()._settle()
        return result

    def _leave_to(self, field):
        """One column is a field, but for amounts: the one before is not read any more."""
        if field and field != "charge":
            others = self.sheet_id.column_ids.filtered(lambda column: column.field == field) - self
            others.sudo().write({"field": False, "kind_id": False})
