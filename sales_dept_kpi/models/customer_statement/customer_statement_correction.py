from odoo import api, fields, models

from odoo.addons.sales_dept_logistics.models.delivery_notice.price import PRICE_PLACES
from odoo.addons.sales_dept_roles.models.protected_results.client_context import without_client_context


class CustomerStatementCorrection(models.Model):
    """What the customer says of a line, or of the statement as a whole, and what we answered.

    Said again before it was answered, the later word takes the place of the earlier one, which stays on record.
    """

    _name = "customer.statement.correction"
    _description = "Correction of a Customer Statement"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "statement_id, id"
    _rec_name = "line_name"
    _check_company_auto = True

    statement_id = fields.Many2one("customer.statement", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    version = fields.Integer("Of Version", readonly=True, aggregator=None)
    line_id = fields.Many2one(
        "customer.statement.line", "Line of the Statement", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    line_name = fields.Char("Line", compute="_compute_line_name", store=True)
    quantity_stated = fields.Float("Stated Quantity", digits="Product Unit", readonly=True)
    quantity = fields.Float("Corrected Quantity", digits="Product Unit", readonly=True)
    price_stated = fields.Float("Stated Price", digits=(16, PRICE_PLACES), readonly=True, aggregator=None)
    price_unit = fields.Float("Corrected Price", digits=(16, PRICE_PLACES), readonly=True, aggregator=None)
    amount = fields.Monetary("Difference", compute="_compute_amount", store=True, help="What it would change.")
    remark = fields.Char("Customer's Remark", readonly=True)
    author = fields.Char("Said By", readonly=True)
    date = fields.Datetime("Said On", readonly=True)
    source = fields.Selection(
        [("portal", "On the Portal"), ("file", "By a Spreadsheet"), ("paper", "On Paper")], readonly=True
    )
    state = fields.Selection(
        [("open", "To Be Answered"), ("accepted", "Accepted"), ("refused", "Refused"), ("replaced", "Said Anew")],
        string="Our Answer",
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    answer = fields.Char("Our Words", readonly=True)
    answer_date = fields.Datetime("Answered On", readonly=True)
    answer_user_id = fields.Many2one("res.users", "Answered By", readonly=True)

    _one_open = models.UniqueIndex(
        "(line_id) WHERE state = 'open' AND line_id IS NOT NULL", "This line is corrected already: reload the page."
    )

    @api.depends("line_id")
    def _compute_line_name(self):
        for correction in self:
            line = correction.line_id
            correction.line_name = (
                " · ".join(filter(None, [str(line.number), line.delivery_note, line.name])) if line else False
            )

    @api.depends("quantity", "price_unit", "line_id")
    def _compute_amount(self):
        for correction in self:
            correction.amount = correction._difference().total if correction.line_id else 0

    def _difference(self):
        """The :class:`Amounts` by which the line would change, exact."""
        self.ensure_one()
        line = self.line_id
        said, stated = (
            line._amounts_of(*pair)
            for pair in ((self.quantity, self.price_unit), (self.quantity_stated, self.price_stated))
        )
        return type(said)(*(one - other for one, other in zip(said, stated, strict=True)))

    # === THE ANSWER === #

    def action_accept(self):
        """Agree: the difference becomes an adjustment of the statement's next version."""
        self.statement_id._check_may_answer()
        for correction in without_client_context(self.sudo()):
            correction.statement_id._accept(correction)
        return True

    def action_refuse(self):
        """Ask for the words with which it is refused."""
        self.ensure_one()
        self.statement_id._check_may_answer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse the Correction"),
            "res_model": "customer.statement.refuse",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_correction_ids": self.ids},
        }

    def _prepare_adjustment_values(self):
        """Values of the line that an accepted correction becomes."""
        self.ensure_one()
        line, difference = self.line_id, self._difference()
        texts = ("delivery_note", "customer_order_number", "customer_part_number", "name", "unit")
        return {
            **{name: line[name] or None for name in texts},
            **{name: line[name] for name in ("price_with_tax", "tax_rate", "is_kit")},
            **{name: line[name].id or None for name in ("sale_line_id", "move_id", "picking_id")},
            "statement_id": self.statement_id.id,
            "kind": "adjustment",
            "date": self.statement_id.date_to,
            "quantity": self.quantity - self.quantity_stated,
            "price_unit": self.price_unit,
            "amount_untaxed": float(difference.untaxed),
            "amount_tax": float(difference.tax),
            "amount": float(difference.total),
            "reason": self._adjustment_reason(),
            "correction_id": self.id,
        }

    def _adjustment_reason(self):
        def text(number):
            return f"{number:.8f}".rstrip("0").rstrip(".")

        return self.env._(
            "Corrected by the customer, line %(number)s: %(stated)s → %(said)s",
            number=self.line_id.number,
            stated=f"{text(self.quantity_stated)} × {text(self.price_stated)}",
            said=f"{text(self.quantity)} × {text(self.price_unit)}",
        )
