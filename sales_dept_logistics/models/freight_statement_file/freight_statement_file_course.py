from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .freight_statement_file import OPEN

CRON = "sales_dept_logistics.ir_cron_freight_statement_files"
UNDER_WAY = ("asking", "confirm", "waiting", "reading")


class FreightStatementFile(models.Model):
    """The course of a file: confirmed, read in the background, cancelled, replaced by one that corrects it."""

    _inherit = "freight.statement.file"

    # === BUTTONS === #

    def action_read(self):
        """Read the files in the background: nothing is asked any more."""
        files = self._may_change(OPEN)
        for file in files:
            if questions := file._questions():
                raise UserError("\n".join([file.name, *questions]))
            readings = file._readings()
            self.env["freight.statement.layout"]._remember(file.carrier_id, file.company_id, readings.values())
        files._queue()
        return True

    def action_look_again(self):
        """Look for the columns anew, with the headings where somebody said that they stand."""
        for file in self._may_change(OPEN):
            file._look(
                {
                    sheet.name or "": {"heading_row": sheet.heading_row, "heading_lines": int(sheet.heading_lines)}
                    for sheet in file.sheet_ids
                    if sheet.heading_row
                }
            )
        return True

    def action_cancel(self):
        """Take the files off their statement: what was read of them goes, the files themselves stay."""
        files = self._may_change((*UNDER_WAY, "read"))
        files._forget_rows()
        files.write({"state": "cancelled"})
        files._after_change()
        return True

    def action_open(self):
        """Show the file, with its sheets and columns."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "name": self.name,
        }

    def action_open_rows(self):
        """Show the rows of the file, as they came."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_statement_rows")
        return {**action, "domain": [("file_id", "=", self.id)], "context": {}}

    def action_replace(self):
        """Let this file correct the one before it on the statement, whose rows go once this one is read.

        A file whose layout is known is read before anybody could say so: then it may be said afterwards.
        """
        for file in self._may_change((*OPEN, "waiting", "read")):
            before = file.statement_id.file_ids.filtered(lambda other, file=file: other._is_before(file))
            if not before:
                raise UserError(self.env._("No file before this one was read for the statement."))
            file.replaces_id = before[-1]
            if file.state == "read":
                file._take_place()
                file._after_change()
        return True

    def _is_before(self, file):
        return self.state == "read" and self.id < file.id

    def action_keep_both(self):
        """Let this file stand beside the others."""
        self._may_change((*OPEN, "waiting")).write({"replaces_id": False})
        return True

    def _take_place(self):
        """Delete the rows of the file that this one corrects."""
        if self.replaces_id.state == "read":
            self.replaces_id._forget_rows()
            self.replaces_id.state = "replaced"

    def _may_change(self, states):
        """Those of `self` in one of `states`, past rights that nobody has on files alone.

        :raises AccessError: for who may not change the statement
        :raises UserError: where its lines are what was signed
        """
        statements = self.statement_id
        statements.check_access("write")
        statements._check_lines_open()
        if other := self.filtered(lambda file: file.state not in states)[:1]:
            raise UserError(
                self.env._(
                    "“%(file)s” is in another state by now: %(state)s. Reload the page.",
                    file=other.name,
                    state=dict(other._fields["state"]._description_selection(self.env))[other.state],
                )
            )
        # The rights that count are those to the statement.
        return self.sudo()

    # === QUEUE === #

    def _queue(self):
        self.write({"state": "waiting"})
        self.env.ref(CRON).sudo()._trigger()

    @api.model
    def _cron_read(self):
        """Read what waits, and what a server that was stopped left half read."""
        while file := self.search(Domain("state", "in", ("reading", "waiting")), order="state, id", limit=1):
            if not file._read():
                return

    def _read(self):
        """Read the file, step by step; return whether there is time for another one."""
        self.ensure_one()
        try:
            return self.env["sales.dept.job"]._run_steps(
                CRON, self, self._read_steps(), max(self.row_total - self.row_count, 0)
            )
        except self._refusals() as error:
            self._fail(error)
            return True

    def _lock(self):
        """Wait for whoever changes the file; return its state, or None where it went with its statement."""
        self.env.flush_all()
        rows = self.env.execute_query(SQL("SELECT state FROM freight_statement_file WHERE id = %s FOR UPDATE", self.id))
        self.invalidate_recordset()
        return rows[0][0] if rows else None

    def _after_change(self):
        """Match what is read once no file of the statement is under way; where nothing is read any more, begin anew."""
        for statement in self.statement_id:
            states = set(statement.file_ids.mapped("state"))
            if states & set(UNDER_WAY):
                continue
            if "read" in states:
                statement._after_reading()
            elif statement.read_date:
                statement._begin_again()
