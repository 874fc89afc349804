import io

import xlsxwriter

from odoo import fields, models


class SalesApproval(models.Model):
    _inherit = "sales.approval"

    def action_export_quote_register(self):
        """Download the register; of the selected lines, or of all when none is selected."""
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/sales_dept/quotation_register.xlsx?ids={ids}",
            "target": "download",
        }

    def _quote_register_columns(self):
        """Columns of the exported register: ``[(title, width, function of an approval)]``."""
        states = dict(self._fields["state"]._description_selection(self.env))
        return [
            (self.env._("Quotation"), 16, lambda approval: approval.res_name),
            (self.env._("Customer"), 36, lambda approval: approval.partner_id.display_name),
            (self.env._("Amount"), 14, lambda approval: approval.amount),
            (self.env._("Currency"), 9, lambda approval: approval.currency_id.name),
            (self.env._("Requester"), 18, lambda approval: approval.requester_id.name),
            (self.env._("Asked"), 17, lambda approval: approval.request_date),
            (self.env._("Signed"), 17, lambda approval: approval.close_date),
            (
                self.env._("Signed By"),
                24,
                lambda approval: ", ".join(approval.decision_ids.mapped("display_name")),
            ),
            (
                self.env._("Working Days Taken"),
                12,
                lambda approval: approval.working_days if approval.close_date else None,
            ),
            (self.env._("Status"), 12, lambda approval: states[approval.state]),
        ]

    def _quote_register_xlsx(self):
        """Return the register of `self` as the bytes of an XLSX workbook, times in the user's zone."""
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as workbook:
            sheet = workbook.add_worksheet(self.env._("Quotation Register"))
            title = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
            date = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
            money = workbook.add_format({"num_format": "#,##0.00"})
            columns = self._quote_register_columns()
            for column, (label, width, _value) in enumerate(columns):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, label, title)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(len(self), 1), len(columns) - 1)
            for row, approval in enumerate(self, start=1):
                for column, (_label, _width, value_of) in enumerate(columns):
                    value = value_of(approval)
                    if isinstance(value, str):
                        sheet.write_string(row, column, value)
                    elif hasattr(value, "tzinfo"):
                        local = fields.Datetime.context_timestamp(self, value).replace(tzinfo=None)
                        sheet.write_datetime(row, column, local, date)
                    elif isinstance(value, float):
                        sheet.write_number(row, column, value, money)
                    elif value is not None and value is not False:
                        sheet.write(row, column, value)
        return output.getvalue()
