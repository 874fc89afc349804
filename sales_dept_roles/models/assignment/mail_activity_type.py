from odoo import api, fields, models, tools
from odoo.tools.sql import column_exists


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

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

    @api.model_create_multi
    def create(self, vals_list):
        types = super().create(vals_list)
        if any(types.mapped("assignment_kind")):
            self.env.registry.clear_cache()
        return types

    def write(self, vals):
        result = super().write(vals)
        if "assignment_kind" in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    def _get_date_deadline(self):
        """The deadline of an assignment is proposed in working days of the company."""
        self.ensure_one()
        if self.assignment_kind and self.delay_unit == "days":
            return self.env["mail.activity"]._assignment_deadline(self.delay_count, self.env.company)
        return super()._get_date_deadline()
