from odoo import api, models
from odoo.exceptions import AccessError, UserError

# What makes the visit, and what came of it.
CONTENTS = {
    "visit_purpose",
    "visit_kind",
    "visit_partner_id",
    "visit_contact_ids",
    "visit_product_ids",
    "visit_result",
    "visit_outcome",
}
# What stays once it is reported.
FACTS = {
    "visit_purpose",
    "visit_kind",
    "visit_partner_id",
    "user_id",
    "active",
    "start",
    "stop",
    "start_date",
    "stop_date",
    "allday",
    "duration",
}
RECORDED = {
    "visit_checkin_date",
    "visit_latitude",
    "visit_longitude",
    "visit_date",
    "visit_report_date",
    "visit_reporter_id",
}


class CalendarEvent(models.Model):
    """Who writes about a visit: whoever makes it, and for them assistants and the heads of the department.

    Reading is what the privacy of the event says, as for any other.
    """

    _inherit = "calendar.event"

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | RECORDED

    @api.model
    def _private_names(self):
        return super()._private_names() | CONTENTS | RECORDED | {"visit_state", "visit_contact_names", "visit_phone"}

    def _may_report_visit(self):
        self.ensure_one()
        user = self.env.user
        return (
            self.env.su
            or user == self.user_id
            or not self.user_id
            or user.has_group("sales_dept_roles.group_assistant")
            or self.env["mail.activity"]._assignment_is_head(user)
        )

    def _check_may_report_visit(self):
        self.ensure_one()
        if not self._may_report_visit():
            raise AccessError(
                self.env._(
                    "“%(visit)s” is written by %(person)s, who makes it, by the sales assistant and by the heads of "
                    "the department.",
                    visit=self.display_name,
                    person=self.sudo().user_id.name,
                )
            )

    def write(self, vals):
        if not self.env.su:
            if CONTENTS & vals.keys():
                for event in self:
                    event._check_may_report_visit()
            if FACTS & vals.keys():
                for event in self.filtered("visit_purpose"):
                    event._check_may_report_visit()
                    event._check_visit_not_done()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reported(self):
        if self.env.su:
            return
        for event in self.filtered("visit_purpose"):
            event._check_may_report_visit()
            event._check_visit_not_done()

    def _check_visit_not_done(self):
        if self.visit_date:
            raise UserError(
                self.env._(
                    "“%(visit)s” is reported: its day, its customer and who made it stay as they are, and it is kept. "
                    "What is to be added goes into the outcome.",
                    visit=self.display_name,
                )
            )

    def _filter_on_record(self):
        return super()._filter_on_record() | self.filtered(
            lambda event: event.sudo().visit_date or event.sudo().visit_checkin_date
        )
