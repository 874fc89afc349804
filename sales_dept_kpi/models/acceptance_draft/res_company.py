from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Before maturity that somebody is reminded: drafts run for six months at most.
MOST_DAYS = 180
MENU_FIELDS = {"sales_dept_drafts", "country_id"}


class ResCompany(models.Model):
    _inherit = "res.company"

    sales_dept_drafts = fields.Boolean(
        "Acceptance Drafts",
        compute="_compute_sales_dept_drafts",
        store=True,
        readonly=False,
        help="Shows the drafts by which customers pay. Companies in China have them.",
    )
    sales_dept_draft_journal_id = fields.Many2one(
        "account.journal",
        "Drafts: Journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Drafts that are received are payments on it. Its incoming payments have an account for drafts in hand.",
    )
    sales_dept_draft_cost_account_id = fields.Many2one(
        "account.account",
        "Drafts: Interest and Fees",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_other'))]",
        help="What is given for having a draft discounted or cashed.",
    )
    sales_dept_draft_collected = fields.Selection(
        [("receipt", "When Received"), ("maturity", "At Maturity"), ("discount", "When Discounted or Passed On")],
        "Drafts Count as Collected",
        required=True,
        default="receipt",
        help="By the KPI of collection. One that is never discounted or passed on counts at maturity.",
    )
    sales_dept_draft_days = fields.Integer(
        "Drafts: Days before Maturity",
        default=10,
        help="So many days before a draft matures finance is asked to present it for payment.",
    )

    @api.depends("partner_id.country_id")
    def _compute_sales_dept_drafts(self):
        for company in self:
            company.sales_dept_drafts = company.partner_id.country_id.code == "CN"

    @api.constrains("sales_dept_draft_days")
    def _check_sales_dept_draft_days(self):
        for company in self:
            if not 0 <= company.sales_dept_draft_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "Drafts are presented 0 to %(most)s days before they mature: enter a number between.",
                        most=MOST_DAYS,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if MENU_FIELDS & vals.keys():
            # Menus are kept for each user.
            self.env.registry.clear_cache()
        return result
