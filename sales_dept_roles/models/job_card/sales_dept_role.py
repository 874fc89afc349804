from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class SalesDeptRole(models.Model):
    _name = "sales.dept.role"
    _description = "Sales Department Post"
    _inherit = ["sales.dept.job.card.mixin", "mail.thread", "sales.dept.shared.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char("Post", required=True, translate=True, tracking=True)
    code = fields.Char(tracking=True, help="Short name on forms, e.g. SD for the sales director.")
    active = fields.Boolean(tracking=True)
    sequence = fields.Integer(default=100)
    purpose = fields.Text(translate=True, help="Why the post exists, in a sentence or two.")
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        default=lambda self: self.env["res.users"]._company_of_new_configuration(),
        help="Leave empty for a post that every company has.",
    )
    parent_id = fields.Many2one(
        "sales.dept.role", "Reports To", check_company=True, index="btree_not_null", tracking=True
    )
    group_id = fields.Many2one(
        "res.groups",
        "Comes with Role",
        index="btree_not_null",
        tracking=True,
        help="Whoever has this role on their user's form holds the post. A post without a role is given below.",
    )
    assigned_user_ids = fields.Many2many(
        "res.users",
        "sales_dept_role_user_rel",
        "role_id",
        "user_id",
        string="Also Held By",
        domain="[('share', '=', False)]",
        check_company=True,
        help="Shows them the duties of this post. It gives no rights: those come with roles.",
    )
    user_ids = fields.Many2many(
        "res.users",
        string="Held By",
        compute="_compute_user_ids",
        search="_search_user_ids",
        compute_sudo=True,
        help="Those who have the role, and those whom the post was given to.",
    )
    job_id = fields.Many2one(
        "hr.job", "Job Position", check_company=True, index="btree_not_null", help="Where Employees knows this post."
    )
    starts_with_duties = fields.Boolean(
        "Starts with My Duties",
        tracking=True,
        help="Whoever holds this post sees My Duties first after logging in, unless they chose a page of their own.",
    )
    duty_ids = fields.One2many("sales.dept.duty", "role_id", string="Duties", copy=True)
    duty_count = fields.Integer("Number of Duties", compute="_compute_duty_count")

    @api.depends("group_id.all_user_ids", "assigned_user_ids", "company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_user_ids(self):
        for role in self:
            companies = role.company_id or self.env.companies
            role.user_ids = (role.group_id.all_user_ids | role.assigned_user_ids).filtered(
                lambda user, companies=companies: user.active and not user.share and user.company_ids & companies
            )

    def _search_user_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Who holds which role is no secret: the computed field shows it.
        users = self.env["res.users"].sudo().browse(user_id for user_id in value if user_id)
        return Domain.OR(
            (Domain("group_id", "in", user.all_group_ids.ids) | Domain("assigned_user_ids", "in", user.ids))
            & Domain("company_id", "in", [False, *user.company_ids.ids])
            for user in users
        )

    @api.depends("duty_ids")
    def _compute_duty_count(self):
        for role in self:
            role.duty_count = len(role.duty_ids)

    @api.model
    def _home_action(self):
        """Return the action that a post of the user's begins with, which may be none."""
        starting = Domain("user_ids", "in", self.env.user.ids) & Domain("starts_with_duties", "=", True)
        duties = self.env.ref("sales_dept_roles.action_my_duties")
        return duties if self.search_count(starting, limit=1) else duties.browse()

    # === WHO IS ABOVE === #

    @api.model
    def _superiors(self, user, company):
        """Who is above `user` in `company`: whoever holds the post that theirs reports to, else who leads."""
        Post = self.sudo().with_context(allowed_company_ids=company.ids)
        posts = Post.search([("user_ids", "in", user.ids)]) if user else Post
        if superiors := self._of_company(posts.parent_id.user_ids - user, company):
            return superiors
        return self._leaders(company, besides=user)

    @api.model
    def _leaders(self, company, besides=None):
        """The directors of the company, and the general managers where there is none but `besides`."""
        for role in ("director", "general_manager"):
            users = self.env.ref(f"sales_dept_roles.group_{role}").sudo().all_user_ids
            if users := self._of_company(users, company) - (besides or users.browse()):
                return users
        return self.env["res.users"]

    @api.model
    def _of_company(self, users, company):
        """Those of `users` who work in `company` and may be given something to do."""
        return users.filtered(lambda user: user.active and not user.share and company in user.company_ids)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A post cannot report to itself, nor to a post below it. Choose another under “Reports To”.")
            )

    def copy_data(self, default=None):
        return [
            vals if "name" in (default or {}) else {**vals, "name": self.env._("%(name)s (copy)", name=role.name)}
            for role, vals in zip(self, super().copy_data(default), strict=True)
        ]

    def _first_shipped(self):
        return super()._first_shipped() or self.with_context(active_test=False).duty_ids._first_shipped()

    def action_open_duties(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_roles.action_my_duties")
        return {
            **action,
            "domain": [("role_id", "=", self.id)],
            "context": {"default_role_id": self.id},
        }

    def action_print_job_card(self):
        return self.env.ref("sales_dept_roles.action_report_job_card").report_action(self)
