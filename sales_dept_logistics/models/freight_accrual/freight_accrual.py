from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL, format_date

# What left longer ago and was never billed is not expected any more, unless somebody says so.
LOOKS_BACK_MONTHS = 12


class FreightAccrual(models.Model):
    """Freight of a month that no carrier has billed yet (暂估运费): what is owed for it at the month's end.

    What is counted are the waybills that left up to that day, at their expected cost, of which no line stands on a
    statement that was billed by then. Once booked (`freight_accrual_booking`) it stays as it was counted.
    """

    _name = "freight.accrual"
    _description = "Freight Accrual"
    _inherit = ["mail.thread", "sales.dept.protected.mixin"]
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        "Last Day of the Month",
        required=True,
        default=lambda self: self.env.company._local_today().replace(day=1) - relativedelta(days=1),
        tracking=True,
    )
    date_from = fields.Date(
        "Shipped from",
        required=True,
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
        help="What left before and was never billed is not expected any more.",
    )
    line_ids = fields.One2many("freight.accrual.line", "accrual_id", "Charges", readonly=True)
    waybill_count = fields.Integer("Waybills", readonly=True)
    amount = fields.Monetary("Accrued", compute="_compute_amount", store=True, tracking=True)

    _month_once = models.Constraint("UNIQUE (company_id, date)", "That month's freight is accrued already: open it.")
    _month_ends = models.Constraint(
        "CHECK (date = (date_trunc('month', date) + interval '1 month - 1 day')::date)",
        "Freight is accrued at the end of a month: choose its last day.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date)", "The first day on which goods left is not after the month's end."
    )

    # === COMPUTES === #

    @api.depends("date")
    def _compute_date_from(self):
        for accrual in self.filtered("date"):
            accrual.date_from = accrual.date.replace(day=1) - relativedelta(months=LOOKS_BACK_MONTHS - 1)

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for accrual in self:
            accrual.amount = sum(accrual.line_ids.mapped("amount"))

    @api.depends("date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for accrual in self:
            accrual.display_name = self.env._(
                "Freight not billed by %(date)s", date=format_date(self.env, accrual.date)
            )

    @api.onchange("date")
    def _onchange_date(self):
        self.date = self.date and fields.Date.end_of(self.date, "month")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"line_ids", "waybill_count", "amount"}

    @api.model_create_multi
    def create(self, vals_list):
        accruals = super().create(vals_list)
        accruals._count()
        return accruals

    def write(self, vals):
        if not vals.keys() & {"company_id", "date", "date_from"}:
            return super().write(vals)
        self._check_open()
        result = super().write(vals)
        self._count()
        return result

    def _check_open(self):
        """:raises UserError: where one of `self` is counted for good. Extension point."""

    # === COUNTING === #

    def action_count(self):
        """Count anew: waybills, prices and bills may have come since."""
        self.check_access("write")
        self._check_open()
        self._count()
        return True

    def _count(self):
        for accrual in self:
            if accrual.date > accrual.company_id._local_today():
                raise UserError(
                    self.env._(
                        "The month ends on %(date)s: what is not billed by then is known from that day on.",
                        date=format_date(self.env, accrual.date),
                    )
                )
            # Whoever accrues counts all of the company's waybills, whichever of them they see.
            accrual.sudo()._write_counted()

    def _write_counted(self):
        self.ensure_one()
        self.env.flush_all()
        rows = self._unbilled_rows()
        ((waybills,),) = self.env.execute_query(SQL("SELECT COUNT(*) FROM (%s) unbilled", self._unbilled().select()))
        self._write_protected(
            {
                "line_ids": [Command.clear(), *(Command.create(self._prepare_line_values(*row)) for row in rows)],
                "waybill_count": waybills,
            }
        )

    def _unbilled_domain(self):
        """Which waybills are accrued: what left, has a price, and stands on no statement that was billed by then."""
        self.ensure_one()
        billed = Domain("role", "in", ["original", "adjustment", "duplicate"]) & Domain(
            "statement_id.bill_ids", "any", Domain("is_in_force", "=", True) & Domain("date", "<=", self.date)
        )
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("shipped_date", ">=", self.date_from)
            & Domain("shipped_date", "<=", self.date)
            & Domain("charge_ids.expected_amount", "!=", 0)
            & Domain("statement_line_ids", "not any", billed)
        )

    def _unbilled(self):
        return self.env["freight.waybill"]._search(self._unbilled_domain())

    def _unbilled_rows(self):
        """``[(carrier, kind of charge, currency, number of waybills, amount)]``, ids and an exact text."""
        return self.env.execute_query(
            SQL(
                """
                SELECT waybill.carrier_id, charge.kind_id, charge.currency_id, COUNT(*),
                       SUM(charge.expected_amount)::text
                  FROM freight_waybill_charge charge
                  JOIN freight_waybill waybill ON waybill.id = charge.waybill_id
                 WHERE charge.expected_amount <> 0 AND waybill.id IN (%s)
              GROUP BY 1, 2, 3
                HAVING SUM(charge.expected_amount) <> 0
              ORDER BY 1, 2, 3
                """,
                self._unbilled().select(),
            )
        )

    def _prepare_line_values(self, carrier_id, kind_id, currency_id, waybill_count, amount):
        """Values of a line: without tax, in the carrier's currency, and in the company's at the month's end."""
        currency = self.env["res.currency"].browse(currency_id)
        tax = self.env["delivery.carrier"].browse(carrier_id).with_company(self.company_id).freight_tax_id
        net = currency.round(float(amount))
        if tax.price_include:
            net = tax.compute_all(net, currency=currency)["total_excluded"]
        return {
            "carrier_id": carrier_id,
            "kind_id": kind_id,
            "currency_id": currency_id,
            "waybill_count": waybill_count,
            "amount_currency": net,
            "amount": currency._convert(net, self.company_id.currency_id, self.company_id, self.date),
        }

    def action_open_waybills(self):
        """The waybills that are accrued."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_waybills")
        return {**action, "domain": list(self._unbilled_domain()), "context": {}}
