import base64
from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..models.waybill.stock_picking import QUIET
from ..models.waybill.waybill_sheet import SheetError, read_waybills

MOST_PROBLEMS = 100


class There(NamedTuple):
    """What the cells of a file may name: ``{name: records}``."""

    carriers: dict
    pickings: dict
    partners: dict


class FreightWaybillImport(models.TransientModel):
    """Waybills from a spreadsheet: all of its rows, or none of them and a sentence for each that is wrong."""

    _name = "freight.waybill.import"
    _description = "Import Waybills"
    _inherit = ["sales.dept.partner.file"]
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    carrier_id = fields.Many2one(
        "delivery.carrier", check_company=True, help="Of the rows that name no carrier themselves."
    )
    # As an attachment it would be opened for the index of contents before our reader has looked at it.
    file = fields.Binary("Spreadsheet (XLSX, XLS, CSV)", attachment=False)
    file_name = fields.Char()
    update_existing = fields.Boolean(
        "Update Waybills That Are There",
        help="What the rows say replaces what stands on waybills of the same number. Empty cells replace nothing.",
    )
    problems = fields.Text(readonly=True)

    def action_import(self):
        """Make the waybills of the file, or show what is wrong with it."""
        self.ensure_one()
        self.env["freight.waybill"].check_access("create")
        self.problems = False
        try:
            rows = read_waybills(base64.b64decode(self.file or b""), self.env["freight.waybill"]._sheet_labels())
        except SheetError as error:
            self.problems = self._file_sentence(error)
            return self._reopen()
        if not rows:
            self.problems = self.env._(
                "There is no row of a waybill in the file. One of the first 30 rows names the columns: at least the "
                "waybill's number and the day of shipping. The template shows how."
            )
            return self._reopen()
        values, problems = self._prepare(rows)
        if problems:
            self.problems = self._told(problems)
            return self._reopen()
        waybills = self._keep(values)
        return waybills._action_open(Domain("id", "in", waybills.ids))

    def action_template(self):
        """Download a spreadsheet with the columns that are read."""
        return {"type": "ir.actions.act_url", "url": "/sales_dept/waybill_template", "target": "download"}

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "name": self.env._("Import Waybills"),
        }

    # === ROWS === #

    def _prepare(self, rows):
        """Return ``[(waybill or none, values)]`` of all rows, and ``[(row, field, sentence)]`` of what is wrong."""
        there = self._there(rows)
        problems, prepared = [], []
        for row in rows:
            values, wrong = self._convert(row, there)
            wrong += self._wrong_days(row, values)
            if not wrong:
                wrong += self._wrong_number(row, values)
            problems += wrong
            prepared.append((row, values))
        return ([], problems) if problems else self._compare(prepared)

    def _convert(self, row, there):
        """Return the values of a row as fields, and what is wrong with it."""
        values = {"carrier_id": self.carrier_id.id}
        wrong = [(row, name, self._sentence(code, text)) for name, (code, text) in row.problems.items()]
        for name, value in row.values.items():
            convert = getattr(self, f"_convert_{name}", None)
            try:
                values.update(convert(value, there) if convert else {name: value})
            except UserError as error:
                wrong.append((row, name, str(error)))
        if not values["carrier_id"] and not any(name == "carrier" for _row, name, _text in wrong):
            wrong.append((row, "carrier", self.env._("is missing. Name it, or choose it for the whole file.")))
        return values, wrong

    def _wrong_days(self, row, values):
        today = self.company_id._local_today()
        shipped, signed = values.get("shipped_date"), values.get("signed_date")
        for name in ("shipped_date", "signed_date"):
            if values.get(name) and values[name] > today:
                yield row, name, self.env._("this day is still to come.")
        if shipped and signed and signed < shipped:
            yield row, "signed_date", self.env._("goods are not signed for before they were shipped.")

    def _wrong_number(self, row, values):
        carrier = self.env["delivery.carrier"].sudo().browse(values["carrier_id"])
        if isinstance(values["name"], int):
            values["name"] = carrier._number_rules().padded(str(values["name"]))
        if not carrier._number_key(values["name"]):
            return [(row, "name", self.env._("“%(text)s” has no letter and no digit.", text=values["name"]))]
        return []

    def _compare(self, prepared):
        """Find the waybills that are there, and rows that say the same twice."""
        Waybill = self.env["freight.waybill"]
        numbers = [Waybill._number_of_values({**values, "company_id": self.company_id.id}) for _row, values in prepared]
        there = Waybill._waybills_by_number(numbers)
        seen, problems, result = {}, [], []
        for number, (row, values) in zip(numbers, prepared, strict=True):
            if twice := seen.get(number):
                text = self.env._(
                    "“%(text)s” stands in row %(row)s of “%(sheet)s” already.",
                    text=values["name"],
                    row=twice.number,
                    sheet=twice.sheet,
                )
                problems.append((row, "name", text))
                continue
            seen[number] = row
            waybill = there.get(number, Waybill)._of_shipment(values["shipped_date"])
            if waybill and not self.update_existing:
                text = self.env._(
                    "waybill “%(text)s” is there already, shipped on %(date)s. Take the row out, or choose to update.",
                    text=waybill.name,
                    date=waybill.shipped_date,
                )
                problems.append((row, "name", text))
            result.append((waybill, values))
        return result, problems

    def _keep(self, prepared):
        """Write what is there and create the rest; return all of them."""
        Waybill = self.env["freight.waybill"].with_context(**QUIET)
        kept = Waybill.browse()
        new = [{**values, "company_id": self.company_id.id} for waybill, values in prepared if not waybill]
        created = Waybill.create(new)
        created._write_protected({"source": "import"})
        for waybill, values in prepared:
            if waybill:
                # It keeps the number as it was written first.
                kept |= waybill.with_env(self.env)
                kept[-1].write({name: value for name, value in values.items() if name != "name"})
        return created.with_env(self.env) | kept

    # === WHAT CELLS NAME === #

    def _there(self, rows):
        return There(self._carriers(), self._pickings(rows), self._partners(rows))

    def _carriers(self):
        """``{name in small letters: carriers}``: by their own names, and those of their companies."""
        carriers = self.env["delivery.carrier"].search(Domain("company_id", "in", [False, self.company_id.id]))
        names = {}
        for carrier in carriers:
            partner = carrier.sudo().partner_id
            for name in {carrier.name, partner.name, partner.ref} - {False}:
                names.setdefault(name.strip().lower(), carrier.browse())
                names[name.strip().lower()] |= carrier
        return names

    def _pickings(self, rows):
        names = {name for row in rows for name in self._delivery_names(row.values.get("deliveries"))}
        # Who keeps waybills may say which delivery each is for, also without rights to the warehouse's documents.
        Picking = self.env["stock.picking"].sudo()
        found = Picking.search(Domain("name", "in", list(names)) & Domain("company_id", "=", self.company_id.id))
        return {picking.name: picking for picking in found}

    def _partners(self, rows):
        names = {row.values["partner"] for row in rows if "partner" in row.values}
        found = self.env["res.partner"].search(
            Domain("name", "in", list(names)) & Domain("company_id", "in", [False, self.company_id.id])
        )
        return found.grouped("name")

    def _delivery_names(self, text):
        return [name.strip() for name in (text or "").replace("，", ",").split(",") if name.strip()]

    def _convert_carrier(self, text, there):
        found = there.carriers.get(text.lower(), ())
        if len(found) == 1:
            return {"carrier_id": found.id}
        if found:
            raise UserError(
                self.env._("“%(text)s” is the name of several carriers. Write the carrier's own one.", text=text)
            )
        raise UserError(self.env._("there is no carrier “%(text)s”.", text=text))

    def _convert_mode(self, text, there):
        modes = self.env["freight.waybill"]._fields["mode"].get_description(self.env, ["selection"])["selection"]
        english = self.env["freight.waybill"].with_context(lang="en_US")
        modes += english._fields["mode"].get_description(english.env, ["selection"])["selection"]
        for code, label in modes:
            if text.lower() in (code, label.lower()):
                return {"mode": code}
        raise UserError(
            self.env._(
                "“%(text)s” is no way of transport. There are: %(modes)s.",
                text=text,
                modes=", ".join(label for _code, label in modes[: len(modes) // 2]),
            )
        )

    def _convert_partner(self, text, there):
        found = there.partners.get(text, ())
        if len(found) == 1:
            return {"partner_id": found.id}
        if found:
            raise UserError(self.env._("there are several partners “%(text)s”. Leave it empty.", text=text))
        raise UserError(self.env._("there is no partner “%(text)s”.", text=text))

    def _convert_deliveries(self, text, there):
        names = self._delivery_names(text)
        if missing := next((name for name in names if name not in there.pickings), None):
            raise UserError(self.env._("there is no delivery “%(text)s”.", text=missing))
        return {"picking_ids": [Command.link(there.pickings[name].id) for name in names]}

    # === SENTENCES === #

    def _told(self, problems):
        """One line for each problem, and how many there are."""
        lines = [
            self.env._(
                "“%(sheet)s”, row %(row)s, %(field)s: %(problem)s",
                sheet=row.sheet,
                row=row.number,
                field=self._label(name),
                problem=text,
            )
            for row, name, text in problems[:MOST_PROBLEMS]
        ]
        rows = len({(row.sheet, row.number) for row, _name, _text in problems})
        head = self.env._("Nothing was imported. Rows to correct: %(rows)s.", rows=rows)
        more = len(problems) - MOST_PROBLEMS
        return "\n".join([head, *lines, *([self.env._("… and %(count)s more.", count=more)] if more > 0 else [])])

    def _label(self, name):
        return self.env["freight.waybill"]._sheet_labels()[name]

    def _sentence(self, code, text):
        sentences = {
            "missing": self.env._("is missing."),
            "error_cell": self.env._("“%(text)s” is an error of the spreadsheet.", text=text),
            "digits_lost": self.env._(
                "the spreadsheet rounded this number, and its last digits are lost. Format the column as text and "
                "write the number again."
            ),
            "no_number_text": self.env._("“%(text)s” is no number of a waybill. Format the column as text.", text=text),
            "no_date": self.env._("“%(text)s” is no date. Write it as 2026-03-14.", text=text),
            "ambiguous_date": self.env._(
                "“%(text)s” may be read in two ways, day or month first. Write it as 2026-03-14.", text=text
            ),
            "no_amount": self.env._("“%(text)s” is no number.", text=text),
            "no_whole_number": self.env._("“%(text)s” is no whole number.", text=text),
            "formula": self.env._(
                "is a formula without its result. Open the file in your spreadsheet program and save it anew."
            ),
            "negative": self.env._("“%(text)s” is less than nothing.", text=text),
        }
        return sentences[code]

    def _file_sentence(self, error):
        return self._refusal_sentence(error.code, error.values)
