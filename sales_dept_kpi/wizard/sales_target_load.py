import base64

from odoo import fields, models


class SalesTargetLoad(models.TransientModel):
    """Figures of a target from a spreadsheet: all of them, or none and a sentence for each cell that is wrong."""

    _name = "sales.target.load"
    _description = "Load Figures"

    target_id = fields.Many2one("sales.target", required=True, ondelete="cascade")
    # As an attachment it would be opened for the index of contents before our reader has looked at it.
    file = fields.Binary("Spreadsheet (XLSX)", attachment=False)
    file_name = fields.Char()
    problems = fields.Text(readonly=True)

    def action_load(self):
        """Load the figures, or show what is wrong with the file."""
        self.ensure_one()
        self.target_id.check_access("write")
        problems = self.target_id._load_sheet(base64.b64decode(self.file or b""))
        if not problems:
            return self.target_id._open_form()
        self.problems = "\n".join(problems)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load Figures"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_download(self):
        return self.target_id.action_download()
