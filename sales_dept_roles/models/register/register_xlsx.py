import io

import xlsxwriter

from odoo import fields


def register_xlsx(records, title, columns):
    """Return `records` as the bytes of an XLSX workbook with one sheet, times in the user's zone.

    :param str title: name of the sheet
    :param columns: ``[(title, width in characters, function of a record)]``; texts, numbers, dates and datetimes
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet(title[:31])
        heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        money = workbook.add_format({"num_format": "#,##0.00"})
        for column, (label, width, _value_of) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, heading)
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
                elif hasattr(value, "isoformat"):
                    sheet.write_datetime(row, column, fields.Datetime.to_datetime(value), day)
                elif isinstance(value, float):
                    sheet.write_number(row, column, value, money)
                elif value is not None and value is not False:
                    sheet.write(row, column, value)
    return output.getvalue()
