"""Registers as XLSX workbooks: one heading row, one row per record."""

import io

import xlsxwriter

from odoo import fields
from odoo.http import content_disposition, request


def register_workbook(name, columns, records):
    """Return the bytes of a workbook with one sheet `name`, times in the user's zone.

    :param columns: ``[(title, width, function of a record)]``
    """
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet(name)
        title = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        formats = {
            "datetime": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "float": workbook.add_format({"num_format": "#,##0.00"}),
        }
        for column, (label, width, _value) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, title)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(records), 1), len(columns) - 1)
        for row, record in enumerate(records, start=1):
            for column, (_label, _width, value_of) in enumerate(columns):
                _write_value(sheet, row, column, value_of(record), formats, records)
    return output.getvalue()


def _write_value(sheet, row, column, value, formats, records):
    if value is None or value is False:
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif hasattr(value, "tzinfo"):
        local = fields.Datetime.context_timestamp(records, value).replace(tzinfo=None)
        sheet.write_datetime(row, column, local, formats["datetime"])
    elif hasattr(value, "year"):
        sheet.write_datetime(row, column, value, formats["date"])
    elif isinstance(value, float):
        sheet.write_number(row, column, value, formats["float"])
    else:
        sheet.write(row, column, value)


def xlsx_response(name, content):
    """Answer the request at hand with the workbook `content` as a file called `name`."""
    return request.make_response(
        content,
        headers=[
            ("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("Content-Disposition", content_disposition(f"{name}.xlsx")),
        ],
    )
