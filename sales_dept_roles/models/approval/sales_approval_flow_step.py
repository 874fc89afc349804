import logging

from odoo import api, fields, models

from ..clock.bounds import MOST_WORKING_DAYS

_logger = logging.getLogger(__name__)


class SalesApprovalFlowStep(models.Model):
    _name = "sales.approval.flow.step"
    _inherit = ["sales.dept.changes.mixin", "sales.dept.shared.mixin"]
    _description = "Approval Flow Step"
    _order = "flow_id, sequence, id"

    flow_id = fields.Many2one("sales.approval.flow", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="flow_id.company_id")
    condition_model = fields.Char(related="flow_id.condition_model")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10,
        help="Steps are asked in this order. Steps with the same number are asked at the same time.",
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        required=True,
        ondelete="restrict",
        domain=lambda self: [("privilege_id", "=", self.env.ref("sales_dept_roles.privilege_sales_dept").id)],
    )
    domain = fields.Char(
        string="Condition", default="[]", required=True, help="The step is asked only for documents that meet this."
    )
    working_days = fields.Integer(
        help="The step is due at the close of this many working days after the day it was asked. 0: no limit.",
    )
    signature_required = fields.Boolean(
        string="Drawn Signature", help="Approving this step takes a drawn signature, which the printed form shows."
    )
    escalation_group_id = fields.Many2one(
        "res.groups",
        string="Escalate To",
        ondelete="restrict",
        domain=lambda self: [("privilege_id", "=", self.env.ref("sales_dept_roles.privilege_sales_dept").id)],
        help="The role above: told when the step is overdue after a reminder, and may then decide it.",
    )

    _working_days_in_bounds = models.Constraint(
        f"CHECK (working_days BETWEEN 0 AND {MOST_WORKING_DAYS})",
        f"The limit of a step is a number of working days between 0 (no limit) and {MOST_WORKING_DAYS}.",
    )

    def _concerned(self):
        """The models whose documents follow the flows of these steps."""
        return set(self.flow_id.mapped("res_model"))

    @api.model
    def _after_change(self, concerned, names=None):
        self.env.registry.clear_cache()
        return super()._after_change(concerned, names)

    @api.constrains("domain", "flow_id")
    def _check_domain(self):
        for step in self:
            step.flow_id._check_condition(step.domain, step.condition_model, step.name)

    def _filter_applying(self, record):
        """Return the steps of `self` whose condition the document `record` meets."""
        subject = record._approval_subject().sudo()
        return self.filtered(lambda step: step._filter_subjects(subject) == subject)

    def _filter_subjects(self, subjects):
        """Return those of `subjects`, of which conditions speak, for which this step is asked.

        One that speaks of a field that is gone with its module is asked for: nothing goes unsigned by that.
        """
        self.ensure_one()
        subjects = subjects.sudo()
        try:
            return subjects.filtered_domain(self.flow_id._eval_condition(self.domain))
        except (KeyError, TypeError, ValueError) as error:
            _logger.warning("The condition of approval step %r cannot be read any more: %s", self.name, error)
            return subjects
