import base64
from itertools import chain

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.sales_dept_logistics.models.waybill.waybill_sheet import SheetError, check_file
from odoo.addons.sales_dept_logistics.statement_reader import read_cells

from .sheet import ANSWERS, KEY, read_answers, write_sheet

# Name, width in characters, kind; the last three are the customer's.
COLUMNS = (
    ("number", 6, "number"),
    ("date", 11, "day"),
    ("kind", 10, "text"),
    ("delivery_note", 16, "text"),
    ("customer_order_number", 16, "text"),
    ("customer_part_number", 14, "text"),
    ("name", 36, "text"),
    ("unit", 7, "text"),
    ("quantity", 10, "number"),
    ("price_unit", 11, "price"),
    ("price_kind", 9, "text"),
    ("tax_rate", 7, "number"),
    ("amount_tax", 11, "money"),
    ("amount", 13, "money"),
    ("received", 13, "money"),
    ("balance", 14, "money"),
    ("reason", 30, "text"),
    ("right_quantity", 12, "number"),
    ("right_price", 12, "price"),
    ("remark", 30, "text"),
)
MOST_PROBLEMS = 20
MOST_BYTES = 5 << 20


class CustomerStatement(models.Model):
    """The statement as XLSX, which the customer may fill in and give back."""

    _inherit = "customer.statement"

    # === OUT === #

    def _sheet_content(self):
        self.ensure_one()
        return base64.b64encode(self._sheet_file())

    def _sheet_title(self):
        self.ensure_one()
        return f"{self.name} v{self.version}"

    def _sheet_file(self):
        self.ensure_one()
        return write_sheet(
            self._sheet_title(), self._sheet_head(), self._sheet_columns(), self._sheet_rows(), self._sheet_foot()
        )

    @api.model
    def _sheet_labels(self):
        """``{column: heading in the reader's language}``."""
        return {
            "number": self.env._("No."),
            "date": self.env._("Date"),
            "kind": self.env._("Kind"),
            "delivery_note": self.env._("Delivery Note"),
            "customer_order_number": self.env._("Customer's Order No."),
            "customer_part_number": self.env._("Customer's Part No."),
            "name": self.env._("Name and Specification"),
            "unit": self.env._("Unit"),
            "quantity": self.env._("Quantity"),
            "price_unit": self.env._("Unit Price"),
            "price_kind": self.env._("Price"),
            "tax_rate": self.env._("Tax Rate (%)"),
            "amount_tax": self.env._("Tax"),
            "amount": self.env._("Amount"),
            "received": self.env._("Money Received"),
            "balance": self.env._("Balance"),
            "reason": self.env._("Note"),
            "right_quantity": self.env._("Right Quantity"),
            "right_price": self.env._("Right Price"),
            "remark": self.env._("Your Remark"),
        }

    @api.model
    def _sheet_columns(self):
        """``[(name, heading in the reader's language, width, kind)]``."""
        labels = self._sheet_labels()
        return [(name, labels[name], width, kind) for name, width, kind in COLUMNS]

    def _sheet_head(self):
        period = f"{self.date_from} – {self.date_to}"
        return [
            (self.env._("Customer"), self.partner_id.name),
            (self.env._("Supplier"), self.company_id.name),
            (self.env._("Period"), period),
            (self.env._("Currency"), self.currency_id.name),
            ("", self._sheet_hint()),
        ]

    def _sheet_hint(self):
        return self.env._(
            "What is wrong you write into the yellow columns; then upload the file on the statement's page."
        )

    def _sheet_rows(self):
        kinds = dict(self.line_ids._fields["kind"]._description_selection(self.env))
        with_tax, without = self.env._("with tax"), self.env._("without tax")
        plain = ("number", "date", "delivery_note", "customer_order_number", "customer_part_number", "name", "reason")
        rows = []
        for line in self.line_ids:
            row = {name: line[name] for name in plain} | {"kind": kinds[line.kind], "balance": line.balance}
            if line.kind == "receipt":
                row["received"] = -line.amount
            else:
                row["amount"] = line.amount
            if line.unit:
                names = ("unit", "quantity", "price_unit", "tax_rate", "amount_tax")
                row |= {name: line[name] for name in names if name != "tax_rate" or line._has_plain_tax()}
                row["price_kind"] = with_tax if line.price_with_tax else without
            rows.append({name: value if value is not False else None for name, value in row.items()})
        return rows

    def _sheet_foot(self):
        labels = [
            (name, self._fields[name]._description_string(self.env))
            for name in (
                "opening_balance",
                "shipped_total",
                "returned_total",
                "adjusted_total",
                "received_total",
                "closing_balance",
            )
        ]
        foot = [(label, self[name]) for name, label in labels]
        if capitals := self._printed_capitals():
            foot.append((self.env._("In capitals"), capitals))
        if self.invoice_ids or self.invoiced_total:
            foot += [
                (self.env._("Goods Invoiced Already"), self.invoiced_total),
                (self.env._("Goods to Be Invoiced"), self.to_invoice_total),
            ]
        return foot

    # === IN === #

    def _correct_by_sheet(self, content, author):
        """Take the corrections that the customer wrote into the spreadsheet `content`, all or none.

        :raises UserError: with a sentence for each cell that is wrong
        """
        self.ensure_one()
        if len(content) > MOST_BYTES:
            raise UserError(self.env._("The file has more than 5 MB: upload the spreadsheet that came with the mail."))
        above, found, problems = self._read_sheet(content)
        self._check_version_of(above)
        if problems:
            raise UserError("\n".join(self._problem_sentence(problem) for problem in problems[:MOST_PROBLEMS]))
        lines = {line.number: line for line in self.line_ids}
        if unknown := sorted(found.keys() - lines.keys()):
            raise UserError(
                self.env._("There is no line %(number)s on %(statement)s.", number=unknown[0], statement=self.name)
            )
        said = {lines[number]: self._prepare_said(words) for number, words in found.items()}
        return self._correct(said, author, "file")

    def _prepare_said(self, words):
        def number(name):
            return float(words[name]) if name in words else None

        return {
            "quantity": number("right_quantity"),
            "price_unit": number("right_price"),
            "remark": words.get("remark", ""),
        }

    def _read_sheet(self, content):
        """What stands in the file: ``(texts above the table, {line number: words}, problems)``."""
        try:
            check_file(content)
            read = read_answers(chain.from_iterable(read_cells(content)), self._answer_words())
        except SheetError as error:
            raise UserError(self.env["freight.waybill.import"]._file_sentence(error)) from None
        if read is None:
            raise UserError(
                self.env._(
                    "The file has no table of a statement: download the spreadsheet, fill in its yellow columns, and "
                    "upload that one."
                )
            )
        return read

    @api.model
    def _answer_words(self):
        """The headings of what is read back, in all languages that are installed."""
        words = {}
        for code, _name in self.env["res.lang"].get_installed():
            for name, heading in self.with_context(lang=code)._sheet_labels().items():
                if name == KEY or name in ANSWERS:
                    words.setdefault(name, set()).add(heading.strip().lower())
        return words

    def _check_version_of(self, above):
        if self._sheet_title() not in above:
            raise UserError(
                self.env._(
                    "This is another statement, or an earlier version of it: download %(title)s, and fill in that one.",
                    title=self._sheet_title(),
                )
            )

    def _problem_sentence(self, problem):
        return self.env._(
            "Row %(row)s, column %(column)s: “%(text)s” is no number that can be read, or is there twice.",
            row=problem.row,
            column=self._sheet_labels()[problem.column],
            text=problem.text,
        )
