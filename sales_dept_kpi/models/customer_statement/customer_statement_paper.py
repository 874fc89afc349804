import base64

from odoo import models
from odoo.tools import formatLang

from odoo.addons.sales_dept_logistics.models.delivery_notice.price import exact, price_places

REPORT = "sales_dept_kpi.action_report_customer_statement"


class CustomerStatement(models.Model):
    """The printed statement (对账单): all lines in one table, totals in figures and in capitals, both seals."""

    _inherit = "customer.statement"

    def _paper_content(self):
        content, _kind = self.env["ir.actions.report"].sudo()._render_qweb_pdf(REPORT, self.ids)
        return base64.b64encode(content)

    def _paper_number(self):
        """The number, with the version where it was sent anew."""
        self.ensure_one()
        return f"{self.name} v{self.version}" if self.version > 1 else self.name

    def _file_name(self):
        return self._paper_number().replace("/", "-")

    def _printed_lines(self):
        """Return the lines as texts: of thousands, formatting each by the template would take long."""
        self.ensure_one()
        least = self.env["decimal.precision"].precision_get("Product Price")
        money = self._money_text
        kinds = dict(self.line_ids._fields["kind"]._description_selection(self.env))
        rows = []
        for line in self.line_ids:
            is_goods = line.kind in ("shipment", "return") or line.correction_id
            price = exact(line.price_unit)
            rows.append(
                {
                    "number": line.number,
                    "date": line.date,
                    "kind": kinds[line.kind] if line.kind != "shipment" else "",
                    "note": line.delivery_note or "",
                    "order": line.customer_order_number or "",
                    "part": line.customer_part_number or "",
                    "name": line.name,
                    "reason": line.reason or "",
                    "is_late": line.is_late,
                    "unit": line.unit or "",
                    "quantity": line._quantity_text() if is_goods else "",
                    "price": formatLang(self.env, float(price), digits=price_places(price, least)) if is_goods else "",
                    "with_tax": line.price_with_tax,
                    "rate": line._rate_text() if is_goods else "",
                    "tax": money(line.amount_tax) if is_goods else "",
                    "amount": money(line.amount) if line.kind != "receipt" else "",
                    "received": money(-line.amount) if line.kind == "receipt" else "",
                    "balance": money(line.balance),
                }
            )
        return rows

    def _price_kinds(self):
        """Which kinds of price there are on it: with tax, without, or both."""
        goods = self.line_ids.filtered(lambda line: line.kind != "receipt" and line.quantity)
        return set(goods.mapped("price_with_tax"))

    def _printed_capitals(self):
        self.ensure_one()
        return self.company_id._capitals_of(self.closing_balance, self.currency_id)

    def _money_text(self, amount):
        return formatLang(self.env, amount, digits=self.currency_id.decimal_places)
