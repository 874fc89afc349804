from odoo import models

from ..partner_file.sales_dept_partner_file import one_text
from .letters import letters

MOST_SENTENCES = 50


class FreightStatementFile(models.Model):
    """What the reader says in codes, as sentences in the language of whoever reads them."""

    _inherit = "freight.statement.file"

    def _problem_sentences(self):
        """What is wrong with the file, or asked, or worth a look, the gravest first."""
        self.ensure_one()
        if self.state == "failed" and self.refusal:
            return [self._refusal_sentence(*self.refusal)]
        if self.state in ("asking", "confirm"):
            return [*self._questions(), *filter(None, (sheet.remarks for sheet in self.sheet_ids))]
        told = self.told or []
        sentences = [self._flag_sentence(*flag) for flag in told[:MOST_SENTENCES]]
        if len(told) > MOST_SENTENCES:
            sentences.append(self.env._("… and more: the rows say what each has."))
        return sentences

    def _row_note(self, sheet, number, flags):
        """The sentences of the flags of one row, without saying where it stands."""
        sentences = [self._what(flag) for flag in flags]
        return one_text(" ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences))

    def _flag_sentence(self, sheet, number, flag):
        where = {"sheet": sheet or self.name, "row": number, "column": letters(flag[2]), "what": self._what(flag)}
        if flag[2] is None:
            return self.env._("“%(sheet)s”, row %(row)s: %(what)s", **where)
        return self.env._("“%(sheet)s”, row %(row)s, column %(column)s: %(what)s", **where)

    def _what(self, flag):
        """What is wrong with a cell or a row, and what to do about it."""
        code, _level, _position, field, value, params = flag
        sentence = self._cell_sentences().get(code)
        params = params or {}
        named = {"value": (value or "")[:80], "field": self._field_label(field), **params}
        return sentence(named) if sentence else code

    def _field_label(self, field):
        selection = self.env["freight.statement.file.column"]._fields["field"]._description_selection(self.env)
        return dict(selection).get(field) or self.env._("the row")

    def _cell_sentences(self):
        env = self.env
        return {
            "missing": lambda named: env._("%(field)s is missing.", **named),
            "error_cell": lambda named: env._("“%(value)s” is an error of the spreadsheet, and no value.", **named),
            "no_result": lambda named: env._(
                "there is a formula without its result. Open the file in your spreadsheet program, save it, and drop "
                "it again."
            ),
            "digits_lost": lambda named: (
                env._(
                    "the spreadsheet rounded this number, and its last digits are lost: it begins with %(prefix)s and "
                    "has %(digits)s digits. Ask the carrier for the column as text.",
                    **named,
                )
                if named.get("prefix")
                else env._(
                    "“%(value)s” is a number that the spreadsheet rounded. Ask the carrier for the column as text.",
                    **named,
                )
            ),
            "perhaps_lost": lambda named: env._(
                "“%(value)s” ends in zeros as numbers do that a spreadsheet rounded. Compare it with the waybill.",
                **named,
            ),
            "zeros_added": lambda named: env._(
                "zeros at the beginning of “%(value)s” were lost; they are back, as the carrier's numbers have them.",
                **named,
            ),
            "no_reference": lambda named: env._("“%(value)s” is no number of a waybill.", **named),
            "not_a_number": lambda named: env._("%(field)s: “%(value)s” is no number.", **named),
            "not_a_date": lambda named: env._("“%(value)s” is no date.", **named),
            "no_year": lambda named: env._("“%(value)s” is a day without a year.", **named),
            "date_far": lambda named: env._("“%(value)s” is a day that cannot be meant.", **named),
            "ambiguous_date": lambda named: env._(
                "“%(value)s” may be two days, with the day or with the month first.", **named
            ),
            "date_order": lambda named: env._("“%(value)s” is no day in the order that was chosen.", **named),
            "other_currency": lambda named: env._(
                "“%(value)s” is in %(currency)s, and the statement is in %(expected)s.", **named
            ),
            "total_differs": lambda named: env._(
                "the carrier's sum is %(value)s, and the amounts of the row are %(sum)s.", **named
            ),
            "sum_differs": lambda named: env._(
                "“%(word)s” is %(value)s, and the rows above are %(sum)s in all, %(since)s since the last sum.", **named
            ),
            "hidden_row": lambda named: env._("the row is hidden in the file."),
        }

    def _ask_sentence(self, problem):
        """What was noticed on a sheet, as a sentence; questions have their own."""
        env, params = self.env, problem.get("params") or {}
        named = {"sheet": problem.get("sheet") or self.name, **params}
        sentences = {
            "several_sheets": lambda: env._(
                "Several sheets are read: %(sheets)s.", sheets=", ".join(params.get("sheets", ()))
            ),
            "sheet_not_read": lambda: env._("“%(sheet)s” looks like no list, and is not read.", **named),
            "same_heading": lambda: env._("There is another column “%(heading)s”: it is not read.", **named),
            "unknown_kind": lambda: env._("“%(heading)s” is a charge of no kind that is known. Choose one.", **named),
            "total_column_differs": lambda: env._(
                "“%(heading)s” is not the sum of the amounts beside it in most rows: is a column left out?", **named
            ),
            "discount_sign": lambda: env._("“%(heading)s” is taken off the other amounts: is it so?", **named),
            "two_amounts": lambda: env._(
                "“%(heading)s” is read as the amount, and “%(other)s” is not: is it so?", **named
            ),
        }
        sentence = sentences.get(problem["code"])
        return sentence() if sentence else ""
