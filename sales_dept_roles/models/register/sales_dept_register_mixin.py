import tempfile

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .register_column import RegisterColumn

BATCH = 1000
# A sheet of XLSX has so many rows, and one is the heading.
MOST_ROWS = 1_048_575


class SalesDeptRegisterMixin(models.AbstractModel):
    """Documents that are kept in a register, which is downloaded as XLSX.

    A model says what stands in it with :meth:`_register_columns`. What a reader finds in it is what the record
    rules let them see.
    """

    _name = "sales.dept.register.mixin"
    _description = "Register"

    def action_export_register(self):
        """Download the register; of the selected lines, or of all when none is selected."""
        return {
            "type": "ir.actions.client",
            "tag": "sales_dept_register",
            "params": {"model": self._name, "ids": self.ids},
        }

    @api.model
    def _register_title(self):
        """The name of the sheet and of the file."""
        return self._description

    @api.model
    def _register_columns(self):
        """Return the columns: names of fields, or :class:`RegisterColumn`."""
        return ["display_name"]

    def _register_head(self):
        """Return what stands above the table: pairs of a label and a text, in the reader's language; here nothing.

        Figures say whose they are and as of when.
        """
        return []

    @api.model
    def _register_domain(self):
        """Which documents stand in the register when none are chosen."""
        return Domain.TRUE

    @api.model
    def _register_records(self, ids):
        """Return the documents of a register.

        :param ids: of those that are chosen; all where there are none
        :raises UserError: when the reader may see none of them, or more than a sheet holds
        """
        records = self.search(Domain("id", "in", ids) if ids else self._register_domain())
        if not records:
            raise UserError(
                self.env._("%(register)s: there is nothing in it that you may see.", register=self._register_title())
            )
        if len(records) > MOST_ROWS:
            raise UserError(
                self.env._(
                    "%(register)s: %(count)s lines are more than a sheet holds, which is %(most)s. Filter the list, "
                    "choose lines and export them.",
                    register=self._register_title(),
                    count=len(records),
                    most=MOST_ROWS,
                )
            )
        return records

    def _register_file(self):
        """Return the register of `self` as an open XLSX file, read from its beginning; times in the user's zone.

        Row by row and batch by batch, so that it takes as much memory for many documents as for few.
        """
        columns = [column for column in map(self._bind_column, self._register_columns()) if column]
        output = tempfile.TemporaryFile()
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(output, options) as workbook:
            sheet = workbook.add_worksheet(self._register_title()[:31])
            heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
            formats = {
                "moment": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
                "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
                "number": workbook.add_format({"num_format": "#,##0.00"}),
            }
            row = self._write_head(sheet, workbook.add_format({"bold": True}))
            for position, column in enumerate(columns):
                sheet.set_column(position, position, column.width)
                sheet.write_string(row, position, column.label, heading)
            sheet.freeze_panes(row + 1, 0)
            sheet.autofilter(row, 0, row + max(len(self), 1), len(columns) - 1)
            for start in range(0, len(self), BATCH):
                # Read together, and nothing but this batch.
                batch = self.browse(self._ids[start : start + BATCH])
                for record in batch:
                    row += 1
                    for position, column in enumerate(columns):
                        self._write_cell(sheet, row, position, column.value(record), formats)
                batch.invalidate_recordset(flush=False)
        output.seek(0)
        return output

    def _write_head(self, sheet, bold):
        """Write what stands above the table; return the row of the table's headings."""
        head = self._register_head()
        for row, (label, text) in enumerate(head):
            sheet.write_string(row, 0, label, bold)
            sheet.write_string(row, 1, text)
        return len(head) + 1 if head else 0

    @api.model
    def _bind_column(self, column):
        return (RegisterColumn(column) if isinstance(column, str) else column).bind(self)

    @api.model
    def _write_cell(self, sheet, row, position, value, formats):
        if isinstance(value, str):
            sheet.write_string(row, position, value)
        elif hasattr(value, "tzinfo"):
            local = fields.Datetime.context_timestamp(self, value).replace(tzinfo=None)
            sheet.write_datetime(row, position, local, formats["moment"])
        elif hasattr(value, "isoformat"):
            sheet.write_datetime(row, position, fields.Datetime.to_datetime(value), formats["day"])
        elif isinstance(value, float):
            sheet.write_number(row, position, value, formats["number"])
        elif value is not None and value is not False:
            sheet.write(row, position, value)
