from odoo import api, fields, models, tools
from odoo.tools.sql import column_exists


class MailActivityType(models.Model):
    _name = "mail.activity.type"
    _inherit = ["mail.activity.type", "sales.dept.changes.mixin"]

    assignment_kind = fields.Selection(
        [("assignment", "Assignment"), ("follow_up", "Cross-Department Follow-up")],
        string="Given as",
        help="Activities of such a type are given by one person to another and stay in the record: only who gave one "
        "may change its terms, and the figure “on time” counts it.",
    )

    @api.model
    @tools.ormcache()
    def _assignment_type_ids(self):
        """Ids of the types whose activities are assignments or follow-ups, as a frozenset."""
        # While the addon is uninstalled, its column goes before the documents do whose activities are deleted.
        if not column_exists(self.env.cr, self._table, "assignment_kind"):
            return frozenset()
        types = self.sudo().with_context(active_test=False).search_fetch([("assignment_kind", "!=", False)], ["id"])
        return frozenset(types.ids)

    def _concerned(self):
        """The ways of giving to which these types belong."""
        return set(self.mapped("assignment_kind")) - {False}

    @api.model
    def _after_change(self, concerned, names=None):
        if concerned:
            self.env.registry.clear_cache()
        return super()._after_change(concerned, names)

    def _get_date_deadline(self):
        """The deadline of an assignment is proposed in working days of the company."""
        self.ensure_one()
        if self.assignment_kind and self.delay_unit == "days":
            return self.env["mail.activity"]._assignment_deadline(self.delay_count, self.env.company)
        return super()._get_date_deadline()
