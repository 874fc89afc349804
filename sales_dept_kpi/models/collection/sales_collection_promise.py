from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

OUTCOMES = [("kept", "Kept"), ("partly", "Kept in Part"), ("broken", "Broken"), ("withdrawn", "Withdrawn")]


class SalesCollectionPromise(models.Model):
    """What a customer promised to pay, and until when.

    Whether it is kept follows from what was reconciled with its items by that day. Once the day has passed the outcome
    is kept as it stood: undoing a reconciliation later does not rewrite it. What was credited need not be paid any
    more, so it counts like a payment.
    """

    _name = "sales.collection.promise"
    _description = "Promise of a Customer"
    _inherit = ["sales.collection.owed.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _owed_open = frozenset({"note"})

    person_id = fields.Many2one(
        "res.partner",
        "Promised By",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "sales_collection_promise_item_rel",
        "promise_id",
        "move_line_id",
        string="Items",
        domain="[('partner_id', 'child_of', partner_id), ('account_id.account_type', '=', 'asset_receivable'),"
        " ('parent_state', '=', 'posted'), ('amount_residual', '>', 0), ('company_id', '=', company_id)]",
    )
    items_text = fields.Char("Which Items", compute="_compute_items_text", compute_sudo=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_amount", compute_sudo=True, store=True, precompute=True, required=True
    )
    amount = fields.Monetary(
        "Promised",
        compute="_compute_amount",
        compute_sudo=True,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="By default all that is open of the items.",
    )
    open_then = fields.Monetary(compute="_compute_amount", compute_sudo=True, store=True, precompute=True)
    last_match = fields.Integer(
        compute="_compute_amount", compute_sudo=True, store=True, precompute=True, export_string_translation=False
    )
    date = fields.Date("Promised For", required=True, index=True)
    note = fields.Char("Remark")
    outcome = fields.Selection(OUTCOMES, readonly=True, copy=False, index=True)
    judged_date = fields.Datetime("Decided On", readonly=True, copy=False)
    paid_then = fields.Monetary("Paid by Then", readonly=True, copy=False)
    paid = fields.Monetary("Paid in Time", compute="_compute_state", compute_sudo=True)
    state = fields.Selection(
        [("open", "Day to Come"), *OUTCOMES], string="Status", compute="_compute_state", compute_sudo=True
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A promise is of an amount above 0: enter how much.")

    # === COMPUTES === #

    def _owed_items(self):
        return self.move_line_ids

    @api.depends("partner_id", "move_line_ids")
    def _compute_user_id(self):
        return super()._compute_user_id()

    @api.depends("move_line_ids", "company_id")
    def _compute_amount(self):
        for promise in self:
            items = promise.move_line_ids
            promise.currency_id = items.currency_id[:1] or promise.company_id.currency_id
            promise.open_then = sum(items.mapped("amount_residual_currency"))
            promise.amount = promise.open_then
            # What was matched by then is in `open_then`, whatever day it is of.
            promise.last_match = max(items.matched_credit_ids.ids, default=0)

    @api.depends("move_line_ids")
    def _compute_items_text(self):
        for promise in self:
            promise.items_text = ", ".join(dict.fromkeys(promise.move_line_ids.mapped("move_id.name")))

    @api.depends("outcome", "paid_then", "amount", "date", "move_line_ids.amount_residual_currency")
    def _compute_state(self):
        undecided = self.filtered(lambda promise: not promise.outcome)
        paid = undecided._origin._paid_in_time()
        for promise in self:
            promise.paid = promise.paid_then if promise.outcome else paid.get(promise._origin.id, 0)
            promise.state = promise.outcome or promise._outcome_of(promise.paid)

    @api.depends("partner_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "Promise of %(customer)s for %(date)s",
                customer=promise.partner_id.name or "",
                date=promise.date and format_date(self.env, promise.date) or "",
            )

    def _outcome_of(self, paid):
        """What the promise has come to with `paid` by its day, or `open` as long as that is undecided."""
        self.ensure_one()
        if self.currency_id and self.currency_id.compare_amounts(paid, self.amount) >= 0:
            return "kept"
        if not self.date or not self.company_id or self.date >= self.company_id._local_today():
            return "open"
        return "partly" if self.currency_id.compare_amounts(paid, 0) > 0 else "broken"

    def _paid_in_time(self):
        """Return ``{id: what was settled of the items by the day promised, since the promise was made}``."""
        if not self:
            return {}
        self.flush_model(["date", "open_then", "last_match", "move_line_ids"])
        self.env["sales.collection.basis"]._flush_basis()
        return dict(self.env.execute_query(self._paid_sql()))

    def _paid_sql(self):
        return SQL(
            """
            SELECT promise.id,
                   GREATEST(COALESCE(promise.open_then, 0) - COALESCE(SUM(line.amount_currency - COALESCE((
                       SELECT SUM(partial.debit_amount_currency)
                         FROM account_partial_reconcile partial
                        WHERE partial.debit_move_id = line.id
                          AND (partial.max_date <= promise.date OR partial.id <= promise.last_match)
                   ), 0)), promise.open_then, 0), 0)::float
              FROM sales_collection_promise promise
         LEFT JOIN sales_collection_promise_item_rel rel ON rel.promise_id = promise.id
         LEFT JOIN account_move_line line ON line.id = rel.move_line_id AND line.parent_state = 'posted'
             WHERE promise.id IN %s
          GROUP BY promise.id
            """,
            self._ids,
        )

    @api.model
    def _latest_of(self, items):
        """Return ``{journal item's id: its latest promise}``, as superuser."""
        promises = self.sudo().search(
            [("move_line_ids", "in", items.ids), ("outcome", "not in", ["withdrawn"])], order="id"
        )
        return {item.id: promise for promise in promises for item in promise.move_line_ids}

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "currency_id",
            "open_then",
            "last_match",
            "outcome",
            "judged_date",
            "paid_then",
        }

    @api.constrains("move_line_ids", "partner_id", "company_id", "amount")
    def _check_items(self):
        self._check_owed_items()
        for promise in self:
            items = promise.sudo().move_line_ids
            if not items or len(items.currency_id) > 1:
                raise ValidationError(
                    self.env._(
                        "A promise is for items of one currency: choose what %(customer)s promised to pay.",
                        customer=promise.partner_id.display_name,
                    )
                )
            if promise.currency_id.compare_amounts(promise.amount, promise.open_then) > 0:
                raise ValidationError(
                    self.env._(
                        "%(customer)s cannot promise more than is open of these items: %(open)s.",
                        customer=promise.partner_id.display_name,
                        open=promise.currency_id.format(promise.open_then),
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        for promise in self:
            if promise.date < promise.company_id._local_today():
                raise ValidationError(
                    self.env._("A promise is for today or later: %(date)s has passed.", date=promise.date)
                )
