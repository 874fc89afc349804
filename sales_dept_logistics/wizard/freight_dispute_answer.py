import base64
from itertools import chain

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.waybill.waybill_sheet import SheetError, check_file
from ..statement_reader import read_cells

MOST_PROBLEMS = 50
# What carriers write, besides the words of the form in their language.
WORDS = {
    "accepted": {"accepted", "accept", "yes", "ok", "agreed", "agree", "同意", "接受", "认可", "是"},
    "partly": {"accepted in part", "partly", "part", "partial", "部分同意", "部分接受", "部分"},
    "refused": {"refused", "refuse", "no", "rejected", "不同意", "拒绝", "不认可", "否"},
}


class FreightDisputeAnswer(models.TransientModel):
    """The carrier's answers, read back from the XLSX that was sent: all of them, or a sentence for each wrong row."""

    _name = "freight.dispute.answer"
    _description = "Read a Carrier's Answers"

    dispute_id = fields.Many2one("freight.statement.dispute", required=True, readonly=True)
    # As an attachment it would be opened for the index of contents before our reader has looked at it.
    file = fields.Binary("Spreadsheet (XLSX)", attachment=False)
    file_name = fields.Char()
    problems = fields.Text(readonly=True)

    def action_read(self):
        """Write the answers of the file on the lines of the dispute, or show what is wrong with it."""
        self.ensure_one()
        dispute = self.dispute_id
        dispute.check_access("write")
        if dispute.state == "settled":
            raise UserError(self.env._("%(dispute)s is settled already.", dispute=dispute.display_name))
        answers, problems = self._read()
        if not problems and not answers:
            problems = [self.env._("There is no answer in the file.")]
        if problems:
            more = len(problems) - MOST_PROBLEMS
            self.problems = "\n".join(
                [*problems[:MOST_PROBLEMS], *([self.env._("… and %(count)s more.", count=more)] if more > 0 else [])]
            )
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Read the Carrier's Answers"),
                "res_model": self._name,
                "res_id": self.id,
                "view_mode": "form",
                "target": "new",
            }
        for line, values in answers.items():
            line.write(values)
        dispute._write_protected({"answered_date": dispute.company_id._local_today()})
        return {"type": "ir.actions.act_window_close"}

    def _read(self):
        """Return ``{dispute line: values}`` of the rows with an answer, and sentences for what is wrong."""
        rows, problems = self._rows()
        lines = {line.id: line for line in self.dispute_id.line_ids}
        answers = {}
        for number, row in rows:
            line = lines.get(row["id"])
            if not line:
                problems.append(
                    self.env._("Row %(row)s: “%(id)s” is no line of this dispute.", row=number, id=row["text"])
                )
                continue
            if line in answers:
                problems.append(self.env._("Row %(row)s: line %(id)s stands twice.", row=number, id=row["text"]))
            values, message = self._answer_of(line, row)
            if message:
                problems.append(self.env._("Row %(row)s: %(problem)s", row=number, problem=message))
            elif values:
                answers[line] = values
        return answers, problems

    def _rows(self):
        """Return ``[(row number, {"id", "text", "answer", "amount", "note"})]`` below the heading, and problems."""
        columns, of_sheet, rows = None, None, []
        try:
            content = base64.b64decode(self.file or b"")
            check_file(content)
            for sheet, _visible, number, cells in chain.from_iterable(read_cells(content)):
                if columns is None:
                    columns, of_sheet = self._columns(cells), sheet
                elif sheet == of_sheet and (row := _row(cells, columns)):
                    rows.append((number, row))
        except (SheetError, ValueError):
            return [], [self.env._("This is no XLSX file as it was sent to the carrier. Save it as XLSX anew.")]
        if columns is None:
            return [], [self.env._("No row names the columns: leave the headings as they were sent.")]
        return rows, []

    def _columns(self, cells):
        """``{name: position}`` of the heading, in any language in which it may have been sent; or None."""
        wanted = {"id": set(), "answer": set(), "answered_amount": set(), "answer_note": set()}
        for lang, _name in self.env["res.lang"].get_installed():
            told = self.dispute_id.line_ids.with_context(lang=lang)
            for column in map(told._bind_column, told._register_columns()):
                if column and column.name in wanted:
                    wanted[column.name].add(column.label.strip().lower())
        texts = [str(cell or "").strip().lower() for cell in cells]
        columns = {
            name: next((at for at, text in enumerate(texts) if text in labels), None) for name, labels in wanted.items()
        }
        return None if None in columns.values() else columns

    def _answer_of(self, line, row):
        """Return values of the answer in `row`, none where it is empty, and what is wrong with it or False."""
        text = row["answer"].lower()
        if not text:
            return {}, False
        answer = self._answer_word(text)
        if not answer:
            return {}, self.env._(
                "“%(text)s” is no answer: agrees, agrees in part or does not agree.", text=row["answer"]
            )
        values = {"answer": answer, "answer_note": _text(row["answer_note"])}
        if answer != "partly":
            return values, False
        amount = row["answered_amount"]
        try:
            values["answered_amount"] = float(amount.replace(",", ""))
        except ValueError:
            return {}, self.env._("agrees in part, without the carrier's amount.")
        low, high = sorted((line.due_amount, line.charged_amount))
        if not low <= values["answered_amount"] <= high:
            return {}, self.env._(
                "%(amount)s does not lie between what is due and what was charged.", amount=values["answered_amount"]
            )
        return values, False

    def _answer_word(self, text):
        words = {word: answer for answer, of_answer in WORDS.items() for word in of_answer}
        for lang, _name in self.env["res.lang"].get_installed():
            lines = self.dispute_id.line_ids.with_context(lang=lang)
            words |= {label.lower(): code for code, label in lines._fields["answer"]._description_selection(lines.env)}
        return words.get(text)


def _row(cells, columns):
    """The texts of a row by column, or None where it is of no line."""
    values = {name: (cells[at] or "").strip() if at < len(cells) else "" for name, at in columns.items()}
    text = values["id"].removeprefix("'").removesuffix(".0")
    return {**values, "text": text, "id": int(text) if text.isdecimal() else 0} if text else None


def _text(cell):
    return cell.removeprefix("'") or False
