from odoo import api, fields, models
from odoo.exceptions import UserError

# What the account manager says of an item; the rest is taken from the books.
WORDS = {"expected_date", "payment_method", "person_id", "note"}


class SalesCollectionPlanLine(models.Model):
    """An instalment in a collection plan: as it was when the plan was made, and beside it what came of it."""

    _name = "sales.collection.plan.line"
    _description = "Item of a Collection Plan"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "plan_id, is_addition, sequence, id"
    _check_company_auto = True

    plan_id = fields.Many2one("sales.collection.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", required=True, readonly=True, index=True)
    plan_date = fields.Date("Month", readonly=True)
    sequence = fields.Integer(readonly=True)
    is_addition = fields.Boolean("Came Afterwards", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line", "Journal Item", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_id = fields.Many2one(
        "account.move", "Invoice", readonly=True, index="btree_not_null", ondelete="set null", check_company=True
    )
    name = fields.Char("Document", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index=True, ondelete="restrict")
    partner_name = fields.Char("Customer's Name", readonly=True, help="As it was when the plan was made.")
    date_due = fields.Date("Due On", readonly=True)
    standing = fields.Selection([("overdue", "Overdue From Before"), ("due", "Falls Due")], readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    currency_name = fields.Char("Currency's Code", readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company's Currency")
    amount = fields.Monetary("Open Then", readonly=True, aggregator=None, help="When the plan was made.")
    amount_company = fields.Monetary("Open Then (Company's Currency)", "company_currency_id", readonly=True)
    expected_date = fields.Date(help="When the money is expected.")
    payment_method = fields.Selection(
        selection=lambda self: self.env["res.partner"]._fields["customer_file_payment_method"].selection,
        help="As filed for the customer, unless something else is expected this time.",
    )
    payment_term_name = fields.Char("Payment Terms", compute="_compute_filed", compute_sudo=True)
    person_id = fields.Many2one("res.partner", "Person at the Customer", ondelete="set null", index="btree_not_null")
    person_name = fields.Char("Person's Name", compute="_compute_person_name", store=True)
    note = fields.Char("Remark")
    settled = fields.Monetary(compute="_compute_settled", compute_sudo=True, help="Paid or credited since.")
    settled_company = fields.Monetary(
        "Settled (Company's Currency)", "company_currency_id", compute="_compute_settled", compute_sudo=True
    )
    open_now = fields.Monetary(compute="_compute_settled", compute_sudo=True)
    promise_id = fields.Many2one(
        "sales.collection.promise", "Latest Promise", compute="_compute_promise", compute_sudo=True
    )
    promise_date = fields.Date("Promised For", compute="_compute_promise", compute_sudo=True)
    promise_state = fields.Selection(
        lambda self: self.env["sales.collection.promise"]._fields["state"].selection,
        "Promise",
        compute="_compute_promise",
        compute_sudo=True,
    )
    can_edit = fields.Boolean(compute="_compute_can_edit")

    _once = models.UniqueIndex("(plan_id, move_line_id)", "This item is in the plan already.")

    # === COMPUTES === #

    @api.depends("partner_id")
    def _compute_filed(self):
        for line in self:
            partner = line.partner_id.with_company(line.company_id)
            line.payment_term_name = partner.property_payment_term_id.display_name

    @api.depends("person_id")
    def _compute_person_name(self):
        for line in self:
            line.person_name = line.person_id.name

    @api.depends("move_line_id.amount_residual_currency", "move_line_id.amount_residual", "amount")
    def _compute_settled(self):
        for line in self:
            item = line.move_line_id.filtered(lambda item: item.parent_state == "posted")
            line.open_now = item.amount_residual_currency
            line.settled = line.amount - line.open_now if item else 0
            line.settled_company = line.amount_company - item.amount_residual if item else 0

    @api.depends("move_line_id")
    def _compute_promise(self):
        latest = self.env["sales.collection.promise"]._latest_of(self.move_line_id)
        for line in self:
            promise = latest.get(line.move_line_id.id)
            line.promise_id = promise
            line.promise_date = promise and promise.date
            line.promise_state = promise and promise.state

    @api.depends("is_addition", "plan_id.state")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        for line in self:
            line.can_edit = line.is_addition or line.plan_id.is_open

    @api.depends("name", "date_due")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.name} ({line.date_due})"

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | (set(self._fields) - WORDS - set(models.MAGIC_COLUMNS))

    def write(self, vals):
        # What came afterwards was not approved, so words about it may be added at any time.
        self.filtered(lambda line: not line.is_addition).plan_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_hand(self):
        if not self.env.su:
            raise UserError(self.env._("Items come and go with the books: take the plan's items again."))

    # === ACTIONS === #

    def action_promise(self):
        """Write down what the customer promised for this item."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promise"),
            "res_model": "sales.collection.promise",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_company_id": self.company_id.id,
                "default_partner_id": self.partner_id.id,
                "default_move_line_ids": self.move_line_id.ids,
                "default_person_id": self.person_id.id,
            },
        }
