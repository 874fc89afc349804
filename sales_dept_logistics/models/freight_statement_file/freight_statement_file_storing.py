import json
import logging
from decimal import Decimal
from itertools import chain, islice

from odoo import models
from odoo.tools import SQL

from ...statement_reader import FileError, read_rows

_logger = logging.getLogger(__name__)

# Lists of rows, as the reader gives them, that are one transaction.
LISTS_AT_ONCE = 4
MOST_TOLD = 200
LINE_FIELDS = (
    "reference",
    "number_key",
    "ship_date",
    "destination",
    "pieces",
    "weight",
    "volume",
    "tax_amount",
    "tax_rate",
)


class FreightStatementFile(models.Model):
    """Rows and lines of a file: stored by the thousand, each row once, whatever stops the server."""

    _inherit = "freight.statement.file"

    def _read_steps(self):
        """Store some thousand rows at each turn, and give how many; each turn is whole or has not been.

        How far it is stands in the file, in the same transaction as the rows. Whoever cancels the file waits for the
        turn that is under way, and the next one ends it.
        """
        self.ensure_one()
        if self._lock() not in ("waiting", "reading"):
            return
        self._take_place()
        self.state = "reading"
        writer = _Writer(self)
        lists = read_rows(
            self.attachment_id.raw,
            self._profile(),
            self._readings(),
            currency=self.statement_id.currency_id.name,
            digits=self.carrier_id.number_digits,
            skip=self.row_count,
        )
        try:
            while rows := list(chain.from_iterable(islice(lists, LISTS_AT_ONCE))):
                writer.store(rows)
                yield len(rows)
                if self._lock() != "reading":
                    return
        finally:
            lists.close()
        self.write({"state": "read", "row_total": self.row_count})
        self._after_change()

    def _refusals(self):
        """What may be raised on a file that cannot be read to its end."""
        return (FileError, RuntimeError)

    def _fail(self, error):
        """Say why the file was not read; nothing of it is kept."""
        if not isinstance(error, FileError):
            _logger.error("File %s of statement %s: %s", self.id, self.statement_id.id, error)
            error = FileError("gave_up")
        self.env.invalidate_all(flush=False)
        self._forget_rows()
        self.write({"state": "failed", "refusal": [error.code, error.values]})
        self._after_change()

    def _forget_rows(self):
        """Delete what was read of the files, lines included, and begin their counts anew."""
        self.statement_id._check_lines_open()
        for statement in self.statement_id:
            # The database takes the lines away, and would leave credits received that stand on none.
            statement._release_credits()
        self.env.flush_all()
        self.env.cr.execute(
            SQL("DELETE FROM freight_statement_row WHERE file_id = ANY(%s)", self.ids),
        )
        self.env.invalidate_all(flush=False)
        self.write({"row_count": 0, "line_count": 0, "excluded_count": 0, "flagged_count": 0, "told": False})


class _Writer:
    """Puts rows and their charges into the database, with what Python alone knows of them.

    Who dropped the file stands on it; said again on each row and line it would cost two look-ups for each of them.
    """

    def __init__(self, file):
        self.file, self.env, self.statement = file, file.env, file.statement_id
        kinds = self.env["freight.charge.kind"].search(
            [("company_id", "in", [False, file.company_id.id])], order="company_id NULLS FIRST"
        )
        # A company's own kind comes before that of all.
        self.kinds = {kind.code: kind.id for kind in kinds}
        self.currency = self.statement.currency_id
        self.rules = file.carrier_id._number_rules()
        self.words = file.with_context(lang=file.create_uid.lang)
        self.told = file.told or []

    def store(self, rows):
        """Store `rows`, as the reader gives them, and count them on the file."""
        file, first = self.file, self.file.row_count
        stored, lines, flagged, excluded = [], [], 0, 0
        for position, (row_id, row) in enumerate(zip(self._row_ids(len(rows)), rows, strict=True), first):
            sheet, number, raw, values, amounts, flags, exclusion = row
            stored.append(
                {
                    "id": row_id,
                    "position": position,
                    "sheet": sheet,
                    "row_number": number,
                    "raw": raw,
                    "exclusion": exclusion,
                    "flags": flags or None,
                    "is_flagged": any(flag[1] == "error" for flag in flags),
                }
            )
            if flags:
                self._tell(sheet, number, flags)
                flagged += stored[-1]["is_flagged"]
            excluded += bool(exclusion)
            if not exclusion:
                lines += self._lines(row_id, sheet, number, values, amounts, flags)
        self._insert_rows(stored)
        self._insert_lines(lines)
        file.write(
            {
                "row_count": first + len(rows),
                "line_count": file.line_count + len(lines),
                "flagged_count": file.flagged_count + flagged,
                "excluded_count": file.excluded_count + excluded,
                "told": self.told,
            }
        )

    def _tell(self, sheet, number, flags):
        for flag in flags:
            if len(self.told) < MOST_TOLD:
                self.told.append([sheet, number, flag])

    def _lines(self, row_id, sheet, number, values, amounts, flags):
        """The charges of a row as lines; one without an amount where none could be read, so that it is not lost."""
        values = {name: values.get(name) for name in LINE_FIELDS} | {"weight": _charged_weight(values)}
        values["number_key"] = self.rules.key(values["reference"]) or None if values["reference"] else None
        note = self.words._row_note(sheet, number, flags) if flags else None
        first = True
        for kind, label, amount, _position, currency in amounts or [(None, None, "0", None, None)]:
            yield {
                **values,
                "row_id": row_id,
                "kind_id": self.kinds.get(kind),
                "charge_label": label,
                # Amounts of two currencies are never added up: the note says what stands there.
                "amount": amount if currency in (None, self.currency.name) else "0",
                # The tax is that of the row: once.
                "tax_amount": values["tax_amount"] if first else None,
                "currency_id": self.currency.id,
                "reading_note": note,
            }
            first = False

    def _row_ids(self, count):
        """As many ids of rows as are needed, in their order: lines are stored with them, and nothing is joined."""
        found = self.env.execute_query(
            SQL("SELECT nextval('freight_statement_row_id_seq') FROM generate_series(1, %s)", count)
        )
        return [row_id for (row_id,) in found]

    def _insert_rows(self, rows):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO freight_statement_row (id, statement_id, company_id, file_id, position, sheet, row_number,
                            raw, exclusion, flags, is_flagged, create_date, write_date)
                SELECT id, %(statement)s, %(company)s, %(file)s, position, sheet, row_number, raw, exclusion, flags,
                       is_flagged, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM jsonb_to_recordset(%(rows)s::jsonb)
                    AS given(id int, position int, sheet text, row_number int, raw jsonb, exclusion text, flags jsonb,
                             is_flagged boolean)
                 ORDER BY position
                """,
                rows=json.dumps(rows, ensure_ascii=False),
                **self._keys(),
            )
        )

    def _insert_lines(self, lines):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO freight_statement_line (statement_id, company_id, carrier_id, row_id, reference, number_key,
                            ship_date, destination, pieces, weight, volume, charge_label, kind_id, amount, tax_amount,
                            tax_rate, currency_id, reading_note, create_date, write_date)
                SELECT %(statement)s, %(company)s, %(carrier)s, row_id, reference, number_key, ship_date,
                       destination, pieces, weight, volume, charge_label, kind_id, amount, tax_amount, tax_rate,
                       currency_id, reading_note, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM jsonb_to_recordset(%(lines)s::jsonb)
                    AS given(row_id int, reference text, number_key text, ship_date date, destination text,
                             pieces numeric, weight numeric, volume numeric, charge_label text, kind_id int,
                             amount numeric, tax_amount numeric, tax_rate numeric, currency_id int, reading_note text)
                """,
                lines=json.dumps(lines, ensure_ascii=False),
                **self._keys(),
            )
        )

    def _keys(self):
        return {
            "statement": self.statement.id,
            "company": self.file.company_id.id,
            "carrier": self.file.carrier_id.id,
            "file": self.file.id,
        }


def _charged_weight(values):
    """The weight that is charged for, where the carrier writes it at all; else the other one."""
    charged = values.get("chargeable_weight")
    return charged if charged and Decimal(charged) else values.get("weight")
