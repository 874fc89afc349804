from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.sales_dept_roles.models.register.register_column import RegisterColumn

ANSWER = "sales_dept_kpi.mail_activity_collection_dispute"
# Who may say that a dispute is over.
SETTLERS = (
    "sales_dept_roles.group_finance_verifier",
    "sales_dept_roles.group_director",
    "sales_dept_roles.group_general_manager",
)


class SalesCollectionDispute(models.Model):
    """An amount that a customer does not want to pay, and why. As long as it is open it is in no letter; it is still
    owed, and stands in the ageing.
    """

    _name = "sales.collection.dispute"
    _description = "Disputed Amount"
    _inherit = ["sales.collection.owed.mixin", "sales.dept.register.mixin"]
    _order = "state, id desc"
    _check_company_auto = True
    _owed_open = frozenset({"responsible_id", "reason"})

    move_line_id = fields.Many2one(
        "account.move.line",
        "Item",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('partner_id', 'child_of', partner_id), ('account_id.account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('amount_residual', '>', 0), ('company_id', '=', company_id)]",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice", related_sudo=True)
    name = fields.Char(
        "Document", compute="_compute_amount", compute_sudo=True, store=True, precompute=True, readonly=True
    )
    date_due = fields.Date(
        "Due On", compute="_compute_amount", compute_sudo=True, store=True, precompute=True, readonly=True
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_amount", compute_sudo=True, store=True, precompute=True, required=True
    )
    amount = fields.Monetary(
        "Disputed",
        compute="_compute_amount",
        compute_sudo=True,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="By default all that is open of the item.",
    )
    kind = fields.Selection(
        [
            ("quality", "Quality"),
            ("quantity", "Quantity"),
            ("price", "Price"),
            ("delivery", "Delivery"),
            ("papers", "Invoice or Papers"),
            ("other", "Something Else"),
        ],
        "About",
        required=True,
    )
    reason = fields.Text(required=True, help="What the customer says.")
    responsible_id = fields.Many2one(
        "res.users",
        "Who Answers",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
        check_company=True,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    state = fields.Selection(
        [("open", "In Dispute"), ("settled", "Dispute Settled")],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
        copy=False,
    )
    settled_date = fields.Datetime("Settled On", readonly=True, copy=False)
    settled_by_id = fields.Many2one("res.users", readonly=True, copy=False, index="btree_not_null")
    settlement = fields.Text("How It Was Settled", readonly=True, copy=False)
    can_settle = fields.Boolean(compute="_compute_can_settle")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "What is disputed is above 0: enter how much.")
    _one_open = models.UniqueIndex(
        "(move_line_id) WHERE state = 'open'", "This item is disputed already: settle that dispute first."
    )

    # === COMPUTES === #

    def _owed_items(self):
        return self.move_line_id

    @api.depends("partner_id", "move_line_id")
    def _compute_user_id(self):
        return super()._compute_user_id()

    @api.depends("move_line_id")
    def _compute_amount(self):
        for dispute in self:
            item = dispute.move_line_id
            dispute.name = item.move_id.name
            dispute.date_due = item.date_maturity
            dispute.currency_id = item.currency_id or dispute.company_id.currency_id
            dispute.amount = item.amount_residual_currency

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_settle(self):
        may = self._may_settle()
        for dispute in self:
            dispute.can_settle = may and dispute.state == "open"

    @api.depends("name", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = self.env._(
                "Dispute of %(customer)s about %(document)s",
                customer=dispute.partner_id.name or "",
                document=dispute.name or "",
            )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "name", "date_due", "currency_id", "state", "settled_date", "settled_by_id", "settlement",
        }  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        disputes = super().create(vals_list)
        disputes._ask_answer()
        return disputes

    def write(self, vals):
        result = super().write(vals)
        if "responsible_id" in vals:
            self._ask_answer()
        return result

    @api.constrains("move_line_id", "partner_id", "company_id", "amount")
    def _check_items(self):
        self._check_owed_items()
        for dispute in self:
            open_now = dispute.sudo().move_line_id.amount_residual_currency
            if dispute.state == "open" and dispute.currency_id.compare_amounts(dispute.amount, open_now) > 0:
                raise ValidationError(
                    self.env._(
                        "%(document)s: only %(open)s of it is open, so no more than that is disputed.",
                        document=dispute.name,
                        open=dispute.currency_id.format(open_now),
                    )
                )

    # === COURSE === #

    def _ask_answer(self):
        self.env["sales.dept.telling"]._ask(
            ANSWER,
            [
                (dispute, dispute.responsible_id, {"note": dispute.reason})
                for dispute in self.filtered(lambda dispute: dispute.state == "open")
            ],
        )

    @api.model
    def _may_settle(self):
        return self.env.su or any(self.env.user.has_group(group) for group in SETTLERS)

    def action_open_settle(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle the Dispute"),
            "res_model": "sales.collection.settle",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }

    def _settle(self, how):
        """Keep how the dispute was settled; its amount is chased again.

        :raises AccessError: unless finance, the director or the general manager does it
        """
        self.ensure_one()
        self.check_access("read")
        if not self._may_settle():
            raise AccessError(self.env._("A dispute is settled by finance, the director or the general manager."))
        if self.state != "open":
            raise UserError(self.env._("%(dispute)s is settled already.", dispute=self.display_name))
        if not (how or "").strip():
            raise UserError(self.env._("Write how it was settled: credited, paid in full, delivered again …"))
        self._write_protected(
            {
                "state": "settled",
                "settled_date": fields.Datetime.now(),
                "settled_by_id": self.env.user,
                "settlement": how.strip(),
            }
        )
        self.sudo().activity_unlink([ANSWER])

    # === REGISTER === #

    @api.model
    def _register_title(self):
        return self.env._("Disputed Amounts")

    @api.model
    def _register_columns(self):
        return [
            "partner_id", "name", "date_due", "currency_id", "amount", "kind", RegisterColumn("reason", width=50),
            "responsible_id", "user_id", "state", "create_date", "settled_date", "settled_by_id",
            RegisterColumn("settlement", width=50), RegisterColumn("company_id", width=30),
        ]  # fmt: skip
