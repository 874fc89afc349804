from odoo import fields, models
from odoo.fields import Command


class FreightStatementExclude(models.TransientModel):
    """Why lines of a freight statement are left out."""

    _name = "freight.statement.exclude"
    _description = "Leave Lines of a Freight Statement Out"

    line_ids = fields.Many2many("freight.statement.line", required=True, readonly=True)
    note = fields.Char("Reason", required=True)

    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if "line_ids" in fields_list and self.env.context.get("active_model") == "freight.statement.line":
            values.setdefault("line_ids", [Command.set(self.env.context.get("active_ids", []))])
        return values

    def action_exclude(self):
        self.ensure_one()
        return self.line_ids._decide("exclude", self.note.strip())
