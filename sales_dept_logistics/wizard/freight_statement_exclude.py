from odoo import api, fields, models
from odoo.fields import Command


class FreightStatementExclude(models.TransientModel):
    """Why lines of a freight statement are left out."""

    _name = "freight.statement.exclude"
    _description = "Leave Lines of a Freight Statement Out"

    line_ids = fields.Many2many("freight.statement.line", required=True, readonly=True)
    note = fields.Char("Reason", required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "line_ids" in fields and self.env.context.get("active_model") == "freight.statement.line":
            values.setdefault("line_ids", [Command.set(self.env.context.get("active_ids", []))])
        return values

    def action_exclude(self):
        self.ensure_one()
        return self.line_ids._decide("exclude", self.note.strip())
