import hashlib

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.protected_results.key import Key

from ...statement_reader import FREIGHT, FileError, look_at

# A file in one of these counts no more: it may be dropped again.
GONE = ("failed", "cancelled", "replaced")
OPEN = ("asking", "confirm")
# What a person says of a file; all else is found.
ANSWERS = {"sheet_ids", "column_ids"}
MOST_SHEETS = 5


class FreightStatementFile(models.Model):
    """A carrier's own file on a statement: how it is read, what that asks, and how far it is.

    Files come with :meth:`freight.statement.action_add_files`, and go on with the buttons here; nothing of them is
    written in any other way.
    """

    _name = "freight.statement.file"
    _description = "Carrier's File"
    _inherit = ["sales.dept.partner.file"]
    _order = "id"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True)
    statement_id = fields.Many2one(
        "freight.statement", required=True, readonly=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    carrier_id = fields.Many2one(related="statement_id.carrier_id", store=True)
    attachment_id = fields.Many2one("ir.attachment", "File", required=True, readonly=True, ondelete="restrict")
    digest = Key("Checksum (SHA-256)", required=True, readonly=True)
    state = fields.Selection(
        [
            ("asking", "Has Questions"),
            ("confirm", "To Confirm"),
            ("waiting", "Waiting"),
            ("reading", "Being Read"),
            ("read", "Read In"),
            ("failed", "Not Readable"),
            ("cancelled", "Cancelled"),
            ("replaced", "Replaced"),
        ],
        "Status",
        required=True,
        readonly=True,
        default="asking",
        index=True,
    )
    replaces_id = fields.Many2one(
        "freight.statement.file",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        help="The file that this one corrects: its rows go when this one is read.",
    )
    book = fields.Json(readonly=True, help="What the file is, and what was found on its sheets.")
    sheet_ids = fields.One2many("freight.statement.file.sheet", "file_id", string="Sheets")
    column_ids = fields.One2many("freight.statement.file.column", "file_id", string="Columns")
    preview_html = fields.Html("First Rows", compute="_compute_preview_html", sanitize=False)
    row_total = fields.Integer("Rows in the File", readonly=True)
    row_count = fields.Integer("Rows Read", readonly=True)
    line_count = fields.Integer("Charges", readonly=True)
    excluded_count = fields.Integer("Left Out", readonly=True, help="Titles, headings, sums and remarks.")
    flagged_count = fields.Integer("To Look At", readonly=True, help="Rows with a cell that could not be read.")
    progress = fields.Float(compute="_compute_progress")
    refusal = fields.Json(readonly=True, help="Why the file cannot be read.")
    told = fields.Json(readonly=True, help="What was noticed while it was read.")
    problems = fields.Text(compute="_compute_problems")

    _once = models.UniqueIndex(
        "(company_id, carrier_id, digest) WHERE state NOT IN ('failed', 'cancelled', 'replaced')",
        "This file of the carrier is on a statement already.",
    )

    @api.depends("row_total", "row_count", "state")
    def _compute_progress(self):
        for file in self:
            share = file.row_count / file.row_total if file.row_total else 0
            file.progress = 100 if file.state == "read" else min(100 * share, 99)

    @api.depends("book", "refusal", "told", "state", "sheet_ids.use", "sheet_ids.date_order", "sheet_ids.asks")
    @api.depends_context("lang")
    def _compute_problems(self):
        for file in self:
            file.problems = "\n".join(file._problem_sentences())

    @api.depends("sheet_ids.preview_html", "sheet_ids.use")
    def _compute_preview_html(self):
        for file in self:
            shown = file.sheet_ids.filtered(lambda sheet: sheet.use != "skip" and sheet.preview) or file.sheet_ids
            file.preview_html = Markup().join(sheet.preview_html or Markup() for sheet in shown[:MOST_SHEETS])

    def write(self, vals):
        if not self.env.su and vals.keys() - ANSWERS:
            raise UserError(self.env._("A file is changed with its buttons, and by answering what it asks."))
        return super().write(vals)

    # === WHAT COMES IN === #

    @api.model
    def _take(self, statement, attachments):
        """Put `attachments` on the statement as files of the carrier's, looked at; return them.

        :raises UserError: for one that is on a statement of this carrier already
        """
        files = self.browse()
        for attachment in attachments:
            content = attachment.raw or b""
            digest = hashlib.sha256(content).hexdigest()
            self._check_new(statement, attachment.name, digest)
            file = self.create(
                {
                    "name": attachment.name,
                    "statement_id": statement.id,
                    "attachment_id": attachment.id,
                    "digest": digest,
                }
            )
            attachment.write({"res_model": self._name, "res_id": file.id})
            file._look()
            files |= file
        return files

    @api.model
    def _check_new(self, statement, name, digest):
        same = self.search(
            Domain("company_id", "=", statement.company_id.id)
            & Domain("carrier_id", "=", statement.carrier_id.id)
            & Domain("digest", "=", digest)
            & Domain("state", "not in", GONE),
            limit=1,
        )
        if same:
            raise UserError(
                self.env._(
                    "“%(name)s” is the same file as “%(other)s” on statement %(statement)s, byte by byte. It is not "
                    "read twice; cancel it there if it belongs here.",
                    name=name,
                    other=same.name,
                    statement=same.statement_id.display_name,
                )
            )

    # === LOOKING === #

    def _look(self, choices=None):
        """Find out how the file would be read; what was remembered of the carrier's files comes first."""
        self.ensure_one()
        known = self.env["freight.statement.layout"]._known(self.carrier_id, self.company_id)
        try:
            book = look_at(self.attachment_id.raw or b"", self._profile(), known, choices)
        except FileError as error:
            self.write({"state": "failed", "refusal": [error.code, error.values], "book": False})
            return
        sheets = book.pop("sheets")
        self.sheet_ids.unlink()
        self.env["freight.statement.file.sheet"].create(
            [self.env["freight.statement.file.sheet"]._prepare_values(self, sheet) for sheet in sheets]
        )
        self.write({"book": book, "refusal": False, "row_total": book["rows"]})
        self._settle()
        if self._is_known():
            self._queue()

    @api.model
    def _profile(self):
        """What to look for in the carrier's files."""
        return FREIGHT

    def _is_known(self):
        """Whether all that is read is remembered from a file before, and nothing is asked."""
        used = self.sheet_ids.filtered(lambda sheet: sheet.use == "read")
        return self.state == "confirm" and bool(used) and all(used.mapped("is_remembered"))

    def _settle(self):
        """Say whether something has to be answered yet."""
        for file in self.filtered(lambda file: file.state in OPEN):
            file.state = "asking" if file._questions() else "confirm"

    def _questions(self):
        """The sentences of what has to be answered before the file is read."""
        self.ensure_one()
        questions = [text for sheet in self.sheet_ids for text in sheet._questions()]
        if not questions and not self.sheet_ids.filtered(lambda sheet: sheet.use == "read"):
            questions = [self.env._("No sheet is chosen: say which one to read, and where its headings stand.")]
        return questions

    # === FIGURES === #

    def _readings(self):
        """``{sheet: reading}`` of what is read, as somebody left it."""
        used = self.sheet_ids.filtered(lambda sheet: sheet.use == "read")
        return {sheet.name or "": sheet._reading() for sheet in used}
