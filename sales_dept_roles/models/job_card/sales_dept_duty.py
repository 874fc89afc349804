from odoo import api, fields, models
from odoo.exceptions import UserError


class SalesDeptDuty(models.Model):
    _name = "sales.dept.duty"
    _description = "Duty"
    _inherit = ["sales.dept.job.card.mixin", "mail.thread", "sales.dept.shared.mixin"]
    _order = "role_id, sequence, id"
    _check_company_auto = True

    role_id = fields.Many2one(
        "sales.dept.role", "Post", required=True, ondelete="cascade", index=True, check_company=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="A duty of one company, at a post that all companies share. Leave empty for a duty in every company.",
    )
    number = fields.Char("No.", tracking=True, help="As in the handbook, e.g. 3.1.5.")
    name = fields.Char("Duty", required=True, translate=True, tracking=True)
    active = fields.Boolean(tracking=True)
    sequence = fields.Integer(default=1000)
    description = fields.Text(translate=True, help="What the post is responsible for.")
    # Plain text: of a formatted one Odoo translates the pieces, and an edit in one language takes
    # away those of the other.
    procedure = fields.Text(translate=True, help="How it is done: one step per line.")
    records = fields.Text(translate=True, help="The forms and documents it leaves behind.")
    indicator = fields.Char(translate=True, tracking=True, help="What proves it, e.g. ≥ 90 % a month.")
    link_ids = fields.One2many(
        "sales.dept.duty.link",
        "duty_id",
        string="Where the Work Is",
        copy=True,
        help="One click from the duty to its documents.",
    )
    work = fields.Json(compute="_compute_work")

    _unique_number = models.UniqueIndex(
        "(role_id, number, COALESCE(company_id, 0)) WHERE active",
        "This post has a duty with that number already. Give the duty another number, or archive the other one.",
    )

    @api.depends("role_id.company_id")
    def _compute_company_id(self):
        for duty in self:
            duty.company_id = duty.role_id.company_id or duty.company_id

    @api.depends(
        "link_ids.active",
        "link_ids.name",
        "link_ids.sequence",
        "link_ids.action_id",
        "link_ids.domain",
        "link_ids.is_waiting",
    )
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_work(self):
        counts = self.link_ids._waiting_counts()
        repeated = self._repeated_links()
        for duty in self:
            links = duty.link_ids.filtered(lambda link: link in counts) - repeated
            duty.work = [
                {"id": link.id, "name": link.name, "count": counts[link], "is_waiting": link.is_waiting}
                for link in links
            ]

    def _repeated_links(self):
        """Links that count, on duties of the user's posts, what an earlier one of these counts: it waits once."""
        mine = self.search([("role_id.user_ids", "in", self.env.user.ids)]).link_ids.filtered("domain")._filter_usable()
        first = {}
        for link in mine:
            first.setdefault(link._counted_key(), link)
        return mine.filtered(lambda link: first[link._counted_key()] != link)

    @api.depends("number", "name")
    def _compute_display_name(self):
        for duty in self:
            duty.display_name = f"{duty.number} {duty.name}" if duty.number else duty.name

    def _first_shipped(self):
        return super()._first_shipped() or self.with_context(active_test=False).link_ids._first_shipped()

    def action_print_my_job_description(self):
        roles = self.env["sales.dept.role"].search([("user_ids", "in", self.env.uid)])
        if not roles:
            raise UserError(
                self.env._(
                    "You hold no post yet, so there is no job description of yours to print. "
                    "Ask the sales director, or open a post and print it from there."
                )
            )
        return roles.action_print_job_card()

    def _procedure_steps(self):
        """The steps of the procedure, for the printed form."""
        self.ensure_one()
        return [step for line in (self.procedure or "").splitlines() if (step := line.strip())]
