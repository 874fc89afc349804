from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..clock.bounds import check_dates


class SalesApprovalDelegation(models.Model):
    _name = "sales.approval.delegation"
    _description = "Delegation of Authority"
    _order = "date_from desc, id desc"
    _rec_name = "delegate_id"

    user_id = fields.Many2one(
        "res.users",
        string="From",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    delegate_id = fields.Many2one(
        "res.users", string="To", required=True, index=True, ondelete="restrict", domain=[("share", "=", False)]
    )
    group_id = fields.Many2one(
        "res.groups",
        string="Role",
        ondelete="restrict",
        domain=lambda self: [("privilege_id", "=", self.env.ref("sales_dept_roles.privilege_sales_dept").id)],
        help="Only this role's signatures; empty: all that the person holds.",
    )
    company_id = fields.Many2one("res.company", help="Only this company's documents; empty: all of the person's.")
    date_from = fields.Date(required=True, default=lambda self: self.env.user.company_id._local_today())
    date_to = fields.Date(required=True, default=lambda self: self.env.user.company_id._local_today())
    reason = fields.Char(required=True)
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("over", "Over")], compute="_compute_state"
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A delegation ends on or after the day it begins: correct the two dates."
    )
    _not_to_oneself = models.Constraint(
        "CHECK (user_id != delegate_id)", "A delegation goes to another person: choose somebody else."
    )

    @api.depends("date_from", "date_to", "active")
    def _compute_state(self):
        for delegation in self:
            today = delegation._local_today()
            if not delegation.active or (delegation.date_to and delegation.date_to < today):
                delegation.state = "over"
            elif delegation.date_from and delegation.date_from > today:
                delegation.state = "planned"
            else:
                delegation.state = "running"

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        check_dates(self, "date_from", "date_to")

    @api.constrains("delegate_id")
    def _check_delegate_internal(self):
        for delegation in self:
            if not delegation.delegate_id._is_internal():
                raise ValidationError(
                    self.env._(
                        "%(name)s is not an employee's login: authority goes to internal users only.",
                        name=delegation.delegate_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        delegations._check_own_authority()
        delegations._refresh_activities()
        return delegations

    def write(self, vals):
        self._check_own_authority()
        self._check_unused(vals)
        result = super().write(vals)
        self._check_own_authority()
        self._refresh_activities()
        return result

    def _check_unused(self, vals):
        """What was signed under a delegation refers to it, so from then on it can only be ended."""
        used = self.env["sales.approval.decision"].sudo().search([("delegation_id", "in", self.ids)]).delegation_id
        for delegation in used:
            later = "date_to" in vals and fields.Date.to_date(vals["date_to"]) > delegation.date_to
            if later or vals.keys() - {"active", "date_to"}:
                raise UserError(
                    self.env._(
                        "%(delegate)s has signed under this delegation already: end it, and make a new one.",
                        delegate=delegation.delegate_id.name,
                    )
                )

    def _check_own_authority(self):
        """Nobody gives away what is another's: the record rule says so on every right, this says why.

        Checked in code too, because the rule of a user who holds several groups is the union of
        the groups' rules.
        """
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        for delegation in self:
            if delegation.user_id != self.env.user:
                raise AccessError(
                    self.env._("Only %(name)s can delegate the authority of %(name)s.", name=delegation.user_id.name)
                )

    @api.model
    def _running_for(self, users):
        """Delegations that `users` may use today."""
        return self._search_running(users)

    @api.model
    def _search_running(self, delegates=None):
        """Delegations that may be used today, of those to the users `delegates`, or of all."""
        today, day = fields.Date.today(), timedelta(days=1)
        self.flush_model(["active", "date_from", "date_to", "delegate_id"])
        # Asked with each page of the inbox: to work a domain out would take longer than to find nothing by it. An
        # archived one gives nothing, whatever the client's context says.
        query = SQL(
            """
            SELECT id
              FROM sales_approval_delegation
             WHERE active AND date_from <= %s AND date_to >= %s AND %s
          ORDER BY date_from DESC, id DESC
            """,
            today + day,
            today - day,
            SQL("TRUE") if delegates is None else SQL("delegate_id = ANY(%s)", delegates.ids),
        )
        found = self.sudo().browse(row_id for (row_id,) in self.env.execute_query(query))
        return found.filtered(
            lambda delegation: delegation.date_from <= delegation._local_today() <= delegation.date_to
        )

    def _local_today(self):
        """The date where the authority is given, whatever the time zone of whoever uses it."""
        company = self.company_id or self.user_id.sudo().company_id or self.env.company
        return company._local_today()

    def _refresh_activities(self):
        """Tell delegates what waits already, and take it off them when their time is over."""
        groups = self.user_id.sudo().all_group_ids
        tasks = self.env["sales.approval.task"].sudo()
        tasks = tasks.search(Domain("state", "=", "open") & tasks._asked_domain(groups))
        for res_model, approvals in tasks.approval_id.grouped("res_model").items():
            if res_model in self.env:
                self.env[res_model].sudo().browse(approvals.mapped("res_id")).exists()._approval_refresh_activities()
