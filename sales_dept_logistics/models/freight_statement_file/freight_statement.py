from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class FreightStatement(models.Model):
    """The carrier's own files on its statement."""

    _inherit = "freight.statement"

    file_ids = fields.One2many("freight.statement.file", "statement_id", string="Carrier's Files", copy=False)

    def unlink(self):
        """Take along what was uploaded: the database deletes the files with their statement, and nothing of theirs."""
        attachments = self.file_ids.sudo().attachment_id
        result = super().unlink()
        attachments.unlink()
        return result

    def _audit(self):
        """Lines of rows that could not be read wholly are exceptions, whatever their figures are."""
        result = super()._audit()
        self.env.cr.execute(
            SQL(
                """
                UPDATE freight_match line SET is_exception = TRUE, decision = old.decision
                  FROM freight_statement_line old
                  JOIN freight_statement_row stored ON stored.id = old.row_id
                 WHERE old.id = line.id AND stored.is_flagged AND NOT line.is_exception
                """
            )
        )
        return result

    def action_add_files(self, attachment_ids):
        """Read files that somebody dropped on the statement: at once where their layout is known.

        :param attachment_ids: of the uploaded files
        :return: the action that shows the first file that asks something, or False
        """
        self.ensure_one()
        self.check_access("write")
        self._check_lines_open()
        attachments = self.env["ir.attachment"].browse(attachment_ids).exists()
        # Whoever uploaded them may read them; files of others are no gift.
        attachments.check_access("read")
        mine = attachments.filtered_domain(
            Domain("create_uid", "=", self.env.uid)
            & Domain("res_field", "=", False)
            # Of one statement alone, with which it goes.
            & Domain("res_model", "!=", "freight.statement.file")
        )
        if not mine or mine != attachments:
            raise UserError(self.env._("There is no file yet: drop one here, or choose one."))
        # Who may change the statement may put files on it, and only so.
        files = self.env["freight.statement.file"].sudo()._take(self, attachments.sudo())
        asking = files.filtered(lambda file: file.state in ("asking", "confirm"))
        return asking[:1].with_env(self.env).action_open() if asking else False
