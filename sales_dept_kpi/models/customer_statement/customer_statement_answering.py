from odoo import fields, models
from odoo.exceptions import UserError

# What somebody writes who need not be known; more than these characters of a name or a remark says nothing.
MOST_OF_NAME, MOST_OF_REMARK = 100, 2000


class CustomerStatement(models.Model):
    """What the customer corrects, line by line, and what we answer."""

    _inherit = "customer.statement"

    # === SAID === #

    def _correct(self, said, author, source, remark=None):
        """Note what the customer says is wrong, all of it or nothing.

        :param dict said: ``{line: {"quantity": float or None, "price_unit": float or None, "remark": str}}``; None
            where it is right
        :param str author: who says so
        :param str remark: on the statement as a whole
        :return: the corrections
        """
        self.ensure_one()
        self._lock()
        author = (author or "").strip()[:MOST_OF_NAME]
        if not author:
            raise UserError(self.env._("Write your name with your corrections."))
        self._check_answerable()
        rows = [row for line, words in said.items() if (row := self._prepare_correction_values(line, words))]
        if remark and remark.strip():
            rows.append({"remark": remark.strip()[:MOST_OF_REMARK]})
        if not rows:
            raise UserError(
                self.env._("Nothing is corrected: enter another quantity, another price or a remark on a line.")
            )
        common = {
            "statement_id": self.id,
            "version": self.version,
            "author": author,
            "date": fields.Datetime.now(),
            "source": source,
        }
        lines = [row["line_id"] for row in rows if row.get("line_id")]
        before = self.correction_ids.filtered(lambda known: known.state == "open" and known.line_id.id in lines)
        before._write_protected({"state": "replaced"})
        # The database lets one of a line be open: what was answered just now is written first, too.
        self.correction_ids.flush_recordset(["state"])
        corrections = self.env["customer.statement.correction"].sudo().create([{**common, **row} for row in rows])
        self._end_reminders()
        self._ask_to_answer()
        return corrections

    def _prepare_correction_values(self, line, words):
        """Values of what is said of `line`; nothing where it is right after all."""
        if line.statement_id != self or line.kind not in ("shipment", "return", "adjustment"):
            raise UserError(
                self.env._("Line %(number)s is corrected by a remark on the statement only.", number=line.number or "–")
            )
        quantity = line.quantity if words.get("quantity") is None else words["quantity"]
        price = line.price_unit if words.get("price_unit") is None else words["price_unit"]
        remark = (words.get("remark") or "").strip()[:MOST_OF_REMARK]
        if quantity == line.quantity and price == line.price_unit and not remark:
            return None
        if price < 0:
            raise UserError(self.env._("Line %(number)s: a price is not less than nothing.", number=line.number))
        if quantity * line.quantity < 0:
            raise UserError(
                self.env._(
                    "Line %(number)s: %(quantity)s were stated; write the right quantity with the same sign, or 0.",
                    number=line.number,
                    quantity=line.quantity,
                )
            )
        return {
            "line_id": line.id,
            "quantity_stated": line.quantity,
            "quantity": quantity,
            "price_stated": line.price_unit,
            "price_unit": price,
            "remark": remark,
        }

    # === ANSWERED === #

    def _accept(self, correction):
        self.ensure_one()
        self._lock()
        self._check_open(correction)
        is_other = correction.amount or correction.quantity != correction.quantity_stated
        if correction.line_id and is_other:
            self.env["customer.statement.line"]._insert([correction._prepare_adjustment_values()])
            self._take_totals()
        self._answer(correction, "accepted", False)

    def _refuse(self, correction, words):
        self.ensure_one()
        self._lock()
        self._check_open(correction)
        if not (words or "").strip():
            raise UserError(self.env._("Say why: the customer reads it on the statement."))
        self._answer(correction, "refused", words.strip())

    def _check_open(self, correction):
        correction.invalidate_recordset(["state"])
        if correction.state != "open":
            raise UserError(
                self.env._("%(line)s was answered already, or said anew: reload the page.", line=correction.line_name)
            )

    def _answer(self, correction, state, words):
        correction._write_protected(
            {
                "state": state,
                "answer": words,
                "answer_date": fields.Datetime.now(),
                "answer_user_id": self.env.uid,
            }
        )
        self.flush_model()
        if not self.open_correction_count:
            self._end_answering()
