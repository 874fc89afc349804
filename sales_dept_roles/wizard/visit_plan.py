from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class SalesVisitPlan(models.TransientModel):
    """Plan a visit, or write down a call that was made: few fields, so that it is done on the phone."""

    _name = "sales.visit.plan"
    _description = "Plan a Visit"

    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    user_id = fields.Many2one(
        "res.users",
        "Visitor",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    visit_kind = fields.Selection(
        lambda self: self.env["calendar.event"]._fields["visit_kind"]._description_selection(self.env),
        string="Kind of Contact",
        required=True,
        default="visit",
    )
    visit_purpose = fields.Selection(
        lambda self: self.env["calendar.event"]._fields["visit_purpose"]._description_selection(self.env),
        string="Purpose",
        required=True,
        default="relationship",
    )
    start = fields.Datetime("When", required=True, default=lambda self: self._default_start())
    duration = fields.Float("Hours", required=True, default=1.0)
    contact_ids = fields.Many2many("res.partner", string="People to Meet")
    product_ids = fields.Many2many("product.product", string="Products Shown")
    note = fields.Text("To Prepare")
    is_report = fields.Boolean(help="It took place, and is reported at once.")
    visit_result = fields.Selection(
        lambda self: self.env["calendar.event"]._fields["visit_result"]._description_selection(self.env),
        string="Result",
    )
    visit_outcome = fields.Text("Talk and Outcome")

    @api.model
    def _default_start(self):
        now = fields.Datetime.now()
        if self.env.context.get("default_is_report"):
            return now
        return now.replace(minute=0, second=0) + timedelta(hours=1)

    def action_plan(self):
        """Put it into the calendar; what took place is reported at once."""
        self.ensure_one()
        if message := self._plan_error_message():
            raise UserError(message)
        event = self.env["calendar.event"].create(self._prepare_event_values())
        if self.is_report:
            event.action_visit_done()
            return {"type": "ir.actions.act_window_close"}
        return event.action_visit_open()

    def _plan_error_message(self):
        """Return why it cannot be planned so, or False."""
        if not 0 < self.duration <= 24 * 31:
            return self.env._("Say how long it takes: more than 0 hours, and at most a month.")
        if self.is_report and self.start > fields.Datetime.now():
            return self.env._("What took place did not begin in the future: correct the time.")
        if self.is_report and not (self.visit_result and (self.visit_outcome or "").strip()):
            return self.env._("Say what came of it: a result, and the outcome in a few words.")
        return False

    def _prepare_event_values(self):
        Event = self.env["calendar.event"]
        labels = dict(self._fields["visit_kind"]._description_selection(self.env))
        return {
            "name": self.env._(
                "%(kind)s: %(customer)s", kind=labels[self.visit_kind], customer=self.partner_id.display_name
            ),
            "start": self.start,
            "stop": self.start + timedelta(hours=self.duration),
            "user_id": self.user_id.id,
            "partner_ids": self.user_id.partner_id.ids,
            "location": Event._visit_location(self.partner_id) if self.visit_kind == "visit" else False,
            "description": plaintext2html(self.note) if self.note else False,
            "visit_purpose": self.visit_purpose,
            "visit_kind": self.visit_kind,
            "visit_partner_id": self.partner_id.id,
            "visit_contact_ids": self.contact_ids.ids,
            "visit_product_ids": self.product_ids.ids,
            "visit_result": self.visit_result,
            "visit_outcome": self.visit_outcome,
        }
