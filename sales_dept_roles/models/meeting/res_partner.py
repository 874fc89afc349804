from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_department_meetings(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_department_meetings(vals)
        return super().write(vals)

    def _check_department_meetings(self, vals):
        """Who takes part in a meeting of the department is written on the meeting, by whom that is up to."""
        if "meeting_ids" not in vals or self.env.su:
            return
        commands = vals["meeting_ids"] or []
        by_id = (Command.UPDATE, Command.DELETE, Command.UNLINK, Command.LINK)
        ids = {command[1] for command in commands if command[0] in by_id}
        for command in commands:
            if command[0] in (Command.SET, Command.CLEAR):
                ids |= {*self.sudo().meeting_ids.ids, *(command[2] if command[0] == Command.SET else [])}
        meetings = self.env["calendar.event"].sudo().browse(ids).exists().filtered("is_department_meeting")
        if any(not meeting._may_write_minutes() for meeting in meetings):
            raise AccessError(
                self.env._("Who takes part in a meeting of the department is written on the meeting itself.")
            )
