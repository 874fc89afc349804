from odoo import api, fields, models
from odoo.exceptions import UserError


class SalesAssignmentGive(models.TransientModel):
    _name = "sales.assignment.give"
    _description = "Give an Assignment"

    kind = fields.Selection(
        [("assignment", "Assignment"), ("follow_up", "Cross-Department Follow-up")],
        required=True,
        default=lambda self: self._default_kind(),
        help="Assignments are given by the sales director and the general manager; "
        "a follow-up may be asked by everybody in the sales department.",
    )
    may_assign = fields.Boolean(default=lambda self: self.env["mail.activity"]._assignment_may_give("assignment"))
    name = fields.Char("Task", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    user_ids = fields.Many2many("res.users", string="Done By", help="Each of them gets one of their own.")
    working_days = fields.Integer("Within (Working Days)", default=3)
    date_deadline = fields.Date(
        "Until",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        help="Proposed by the company's schedule, without rest days.",
    )
    note = fields.Html("Details")
    document = fields.Reference(
        selection="_selection_document", string="About", help="The record on which the assignment appears."
    )
    meeting_id = fields.Many2one("calendar.event", "Decided in Meeting", readonly=True)
    blind_message = fields.Text(compute="_compute_blind_message", help="Who may not open the document.")

    @api.model
    def _default_kind(self):
        is_head = self.env["mail.activity"]._assignment_may_give("assignment")
        return "assignment" if is_head and not self.env.context.get("default_meeting_id") else "follow_up"

    @api.model
    def _selection_document(self):
        models = (
            self.env["ir.model"]
            .sudo()
            .search([("is_mail_activity", "=", True), ("transient", "=", False)], order="name")
        )
        return [
            (model.model, model.name)
            for model in models
            if model.model in self.env
            and not self.env[model.model]._abstract
            and self.env[model.model].has_access("read")
        ]

    @api.depends("working_days", "company_id")
    def _compute_date_deadline(self):
        for wizard in self:
            if wizard.working_days >= 0 and wizard.company_id:
                wizard.date_deadline = self.env["mail.activity"]._assignment_deadline(
                    wizard.working_days, wizard.company_id
                )

    @api.depends("document", "user_ids")
    def _compute_blind_message(self):
        Activity = self.env["mail.activity"]
        for wizard in self:
            blind = Activity._assignment_blind(wizard.document, wizard.user_ids._origin)
            wizard.blind_message = Activity._assignment_blind_message(wizard.document, blind) if blind else False

    def action_give(self):
        self.ensure_one()
        if not self.user_ids:
            raise UserError(self.env._("Say who does “%(assignment)s”.", assignment=self.name))
        if not self.date_deadline:
            raise UserError(self.env._("Say until when “%(assignment)s” is to be done.", assignment=self.name))
        self._give()
        return {"type": "ir.actions.act_window_close"}

    def _give(self):
        """Create one activity for each person, on the chosen record or on a new sheet; return them."""
        Activity = self.env["mail.activity"].with_company(self.company_id)
        # Before a sheet is made, whose rights say less about why.
        if message := Activity._assignment_right_error_message(self.kind):
            raise UserError(message)
        document = self.document or self.env["sales.assignment.sheet"].create(
            {"name": self.name, "company_id": self.company_id.id}
        )
        activities = Activity.create([self._prepare_activity_values(document, user) for user in self.user_ids])
        if self.meeting_id:
            activities.sudo().meeting_id = self.meeting_id
        return activities

    def _activity_type(self):
        xmlids = {"assignment": "mail_activity_assignment", "follow_up": "mail_activity_follow_up"}
        return self.env.ref(f"sales_dept_roles.{xmlids[self.kind]}")

    def _prepare_activity_values(self, document, user):
        return {
            "activity_type_id": self._activity_type().id,
            "summary": self.name,
            "note": self.note,
            "user_id": user.id,
            "date_deadline": self.date_deadline,
            "res_model_id": self.env["ir.model"]._get_id(document._name),
            "res_id": document.id,
        }
