import io

import xlsxwriter

from odoo import fields, models


class SalesRegisterXlsx(models.AbstractModel):
    """Registers of the department as XLSX: one way of writing them for all."""

    _name = "sales.register.xlsx"
    _description = "Register as XLSX"

    def _xlsx(self, title, columns, records):
        """Return a register as the bytes of a workbook, times in the user's zone.

        :param str title: name of the sheet
        :param list columns: ``[(title, width, function of a record)]``; the values may be text, numbers
            (with decimals: an amount), dates and datetimes; nothing is an empty cell
        """
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as workbook:
            # Excel takes no longer name.
            sheet = workbook.add_worksheet(title[:31])
            head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
            moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            day = workbook.add_format({"num_format": "yyyy-mm-dd"})
            money = workbook.add_format({"num_format": "#,##0.00"})
            for column, (label, width, _value) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, label, head)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(len(records), 1), len(columns) - 1)
            for row, record in enumerate(records, start=1):
                for column, (_label, _width, value_of) in enumerate(columns):
                    value = value_of(record)
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif hasattr(value, "tzinfo"):
                        local = fields.Datetime.context_timestamp(records, value).replace(tzinfo=None)
                        sheet.write_datetime(row, column, local, moment)
                    elif hasattr(value, "year"):
                        sheet.write_datetime(row, column, value, day)
                    elif isinstance(value, float):
                        sheet.write_number(row, column, value, money)
                    elif value is not None and value is not False:
                        sheet.write(row, column, value)
        return output.getvalue()
