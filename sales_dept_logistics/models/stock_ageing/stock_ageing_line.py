from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

# What a person says about a line; everything else is the system's own.
ANSWER = ("cause", "measure", "measure_date", "measure_user_id")
LEADERS = ("sales_dept_roles.group_director", "sales_dept_roles.group_assistant")


class StockAgeingLine(models.Model):
    """What lies of a product in a warehouse, by age; and why, where it lies too long.

    The database writes the figures (see `stock_ageing_sheet_figures.py`); nobody makes, changes or deletes a line.
    """

    _name = "stock.ageing.line"
    _description = "Stock Ageing Line"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "date desc, is_over desc, over_value desc, id"
    _rec_name = "product_id"
    _check_company_auto = True

    sheet_id = fields.Many2one("stock.ageing.sheet", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="sheet_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(related="sheet_id.date", store=True, string="As of", index=True)
    state = fields.Selection(related="sheet_id.state", string="Sheet's Status")
    product_id = fields.Many2one("product.product", required=True, readonly=True, index=True, ondelete="restrict")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", readonly=True, index="btree_not_null", help="Empty: in transit between warehouses."
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Made for",
        readonly=True,
        index="btree_not_null",
        help="Whose order waits for these goods; else who bought such goods last.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        check_company=True,
        help="The account manager of the customer the goods are made for, else of whoever bought them last. "
        "The director or the assistant names one where there is none.",
    )
    responsible_from = fields.Selection(
        [("order", "Open order"), ("buyer", "Last buyer"), ("hand", "Set by hand")],
        string="Why Responsible",
        readonly=True,
    )
    quantity = fields.Float("On Hand", digits="Product Unit", readonly=True, aggregator=None)
    quantity_0_30 = fields.Float("0–30 Days", digits="Product Unit", readonly=True, aggregator=None)
    quantity_31_60 = fields.Float("31–60 Days", digits="Product Unit", readonly=True, aggregator=None)
    quantity_61_90 = fields.Float("61–90 Days", digits="Product Unit", readonly=True, aggregator=None)
    quantity_over_90 = fields.Float("> 90 Days", digits="Product Unit", readonly=True, aggregator=None)
    value = fields.Monetary(readonly=True)
    value_0_30 = fields.Monetary("Value 0–30 Days", readonly=True)
    value_31_60 = fields.Monetary("Value 31–60 Days", readonly=True)
    value_61_90 = fields.Monetary("Value 61–90 Days", readonly=True)
    value_over_90 = fields.Monetary("Value > 90 Days", readonly=True)
    over_quantity = fields.Float(
        "Over the Limit",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="How much of it lies longer than the company allows.",
    )
    over_value = fields.Monetary("Value over the Limit", readonly=True)
    soon_quantity = fields.Float(
        "Soon over the Limit",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="How much more of it will be over the limit in a month, if nothing of it is taken.",
    )
    non_moving_quantity = fields.Float(
        "Not Moving",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="What lies over the limit of a product of which nothing was sold or used within the limit either.",
    )
    non_moving_value = fields.Monetary("Value Not Moving", readonly=True)
    negative_quantity = fields.Float(
        "Below Zero",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="More went out here than was booked in. It has no age and no value: the stock wants to be counted.",
    )
    consigned_quantity = fields.Float(
        "Of Other Owners",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="Consigned goods, which are not the company's own. They have no age and no value here.",
    )
    is_over = fields.Boolean("Is over the Limit", readonly=True, index=True)
    cause = fields.Text(help="Why the goods were not taken.")
    measure = fields.Selection(
        [
            ("ship", "Ship to the customer"),
            ("rework", "Rework"),
            ("discount", "Sell at a discount"),
            ("return", "Return to the supplier"),
            ("scrap", "Scrap"),
        ]
    )
    measure_date = fields.Date("Measure Done By")
    measure_user_id = fields.Many2one(
        "res.users",
        "Measure Done by Whom",
        index="btree_not_null",
        domain="[('share', '=', False), ('company_ids', '=', company_id)]",
        check_company=True,
    )
    is_explained = fields.Boolean("Explained", compute="_compute_explained", store=True)
    explained_date = fields.Datetime("Explained On", compute="_compute_explained", store=True)
    can_explain = fields.Boolean(compute="_compute_can")
    can_assign = fields.Boolean(compute="_compute_can")
    previous_id = fields.Many2one(
        "stock.ageing.line", "Last Month", readonly=True, index="btree_not_null", ondelete="set null"
    )
    # Whoever may see the line sees what was said about the same goods, whoever had to say it then.
    previous_cause = fields.Text("Last Month's Cause", related="previous_id.cause")
    previous_measure = fields.Selection(string="Last Month's Measure", related="previous_id.measure")
    previous_measure_date = fields.Date("Last Month's Measure Done By", related="previous_id.measure_date")
    previous_measure_user_id = fields.Many2one(
        string="Last Month's Measure Done by Whom", related="previous_id.measure_user_id"
    )
    previous_over_quantity = fields.Float("Over the Limit Last Month", related="previous_id.over_quantity")
    outcome = fields.Selection(
        [("gone", "Gone"), ("less", "Less of it"), ("same", "As much as before"), ("more", "More of it")],
        string="What Came of It",
        compute="_compute_outcome",
        help="What lies over the limit now, beside what did when last month's measure was chosen.",
    )

    # === COMPUTES === #

    @api.depends(*ANSWER)
    def _compute_explained(self):
        for line in self:
            line.is_explained = bool((line.cause or "").strip()) and all(line[name] for name in ANSWER)
            line.explained_date = line.is_explained and (line.explained_date or fields.Datetime.now())

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can(self):
        leads = self._may_assign()
        for line in self:
            is_open = line.sudo().sheet_id.state == "computed"
            line.can_explain = is_open and line.user_id == self.env.user
            line.can_assign = is_open and leads

    @api.depends("over_quantity", "previous_id")
    def _compute_outcome(self):
        for line in self:
            before = line.sudo().previous_id
            if not before:
                line.outcome = False
            elif not line.over_quantity:
                line.outcome = "gone"
            elif line.over_quantity == before.over_quantity:
                line.outcome = "same"
            else:
                line.outcome = "less" if line.over_quantity < before.over_quantity else "more"

    @api.constrains("measure_date")
    def _check_dates(self):
        check_dates(self, "measure_date")

    # === RIGHTS === #

    @api.model
    def _protected_fields(self):
        stored = {name for name, field in self._fields.items() if field.store and name not in models.MAGIC_COLUMNS}
        return super()._protected_fields() | (stored - {*ANSWER, "user_id"})

    @api.model
    def _may_assign(self):
        """Whether the user may say who is responsible."""
        return self.env.su or any(map(self.env.user.has_group, LEADERS))

    def write(self, vals):
        self._check_may_write(vals)
        result = super().write(vals)
        if "user_id" in vals:
            self._write_protected({"responsible_from": vals["user_id"] and "hand"})
        if vals.keys() & {*ANSWER, "user_id"}:
            self.sudo().sheet_id._approval_refresh_activities()
        return result

    def _check_may_write(self, vals):
        """Lines are explained by whoever is responsible, as long as the sheet is open."""
        if not vals.keys() & {*ANSWER, "user_id"}:
            return
        if closed := self.sudo().sheet_id.filtered(lambda sheet: sheet.state != "computed"):
            raise UserError(
                self.env._(
                    "%(sheet)s is %(state)s: what stands on it stays as it is. Where it still waits for approval, "
                    "withdraw the request first.",
                    sheet=closed[0].display_name,
                    state=dict(closed._fields["state"]._description_selection(self.env))[closed[0].state],
                )
            )
        if self.env.su:
            return
        if "user_id" in vals and not self._may_assign():
            raise AccessError(
                self.env._("Who is responsible for goods is said by the director or the assistant: ask one of them.")
            )
        if not vals.keys() & {*ANSWER}:
            return
        others = self.filtered(lambda line: line.user_id != self.env.user)
        if others:
            raise AccessError(
                self.env._(
                    "%(product)s is explained by %(person)s, who is responsible for it.",
                    product=others[0].product_id.display_name,
                    person=others[0].sudo().user_id.name or self.env._("nobody yet; the director names somebody"),
                )
            )

    # === ACTIONS === #

    def action_open_moves(self):
        """Open the moves of the product that this line is made of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.stock_move_line_action")
        domain = Domain("product_id", "=", self.product_id.id) & Domain("state", "=", "done")
        return {**action, "domain": domain & Domain("company_id", "=", self.company_id.id), "context": {}}
