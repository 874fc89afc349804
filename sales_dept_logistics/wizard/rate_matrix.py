import base64

from odoo import fields, models


class FreightRateMatrix(models.TransientModel):
    """Prices of a rate card from a spreadsheet: all of them, or none and a sentence for each cell that is wrong."""

    _name = "freight.rate.matrix"
    _description = "Load Prices"

    card_id = fields.Many2one("freight.rate.card", required=True, ondelete="cascade")
    # As an attachment it would be opened for the index of contents before our reader has looked at it.
    file = fields.Binary("Spreadsheet (XLSX)", attachment=False)
    file_name = fields.Char()
    makes_zones = fields.Boolean(
        "Make Missing Zones", help="Zones that the carrier does not have yet are made; say afterwards where they are."
    )
    problems = fields.Text(readonly=True)

    def action_load(self):
        """Load the prices, or show what is wrong with the file."""
        self.ensure_one()
        self.card_id.check_access("write")
        problems = self.card_id._load_matrix(base64.b64decode(self.file or b""), self.makes_zones)
        if not problems:
            return self.card_id._action_open()
        self.problems = "\n".join(problems)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load Prices"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_download(self):
        return self.card_id.action_download_matrix()
