from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..approval.glance import Fact
from ..clock.bounds import check_dates


class SaleRushRequestAffected(models.Model):
    """A line of another order that will be delivered later because of the rush."""

    _name = "sale.rush.request.affected"
    _description = "Order Pushed Back by a Rush Request"
    _inherit = ["sale.rush.request.abstract"]
    _order = "request_id, date_before, id"

    order_id = fields.Many2one(related="sale_line_id.order_id", string="Order")
    user_id = fields.Many2one(related="sale_line_id.order_id.user_id", string="Account Manager")
    date_before = fields.Date(
        "Promised Before",
        compute="_compute_date_before",
        store=True,
        precompute=True,
        help="What the line was promised or planned for when the request was made.",
    )
    date_given = fields.Date(readonly=True, help="The date after that a person gave in place of the proposed one.")
    date_after = fields.Date(
        "Promised After",
        compute="_compute_date_after",
        inverse="_inverse_date_after",
        store=True,
        readonly=False,
        help="Proposed: later by as many working days as the rush is brought forward. Production may change it "
        "while it judges the request.",
    )

    _line_once = models.UniqueIndex("(request_id, sale_line_id)", "This order line stands among the affected already.")

    @api.depends("sale_line_id")
    def _compute_date_before(self):
        for row in self:
            row.date_before = row.sale_line_id and row.sale_line_id.sudo()._planned_date()

    @api.depends(
        "date_given",
        "date_before",
        "sale_line_id",
        "request_id.line_ids.sale_line_id",
        "request_id.line_ids.promised_date",
        "request_id.line_ids.wanted_date",
    )
    def _compute_date_after(self):
        for company, rows in self.sudo().grouped(lambda row: row.request_id.company_id).items():
            given = rows.filtered(lambda row: row.date_given and row.date_before)
            for row in given:
                row.date_after = max(row.date_given, row.date_before)
            proposed = (rows - given).filtered("date_before")
            (rows - given - proposed).date_after = False
            shifts = proposed._working_day_shifts(company)
            dates = self._working_days_later(company, [(row.date_before, shifts[row]) for row in proposed])
            for row, date in zip(proposed, dates, strict=True):
                row.date_after = date

    def _inverse_date_after(self):
        for row in self:
            if row.date_after and row.date_after < row.date_before:
                raise UserError(
                    self.env._(
                        "%(line)s was promised for %(before)s: as an order that is pushed back it cannot get an "
                        "earlier date.",
                        line=row.sale_line_id.display_name,
                        before=format_date(self.env, row.date_before),
                    )
                )
            row.sudo().date_given = row.date_after

    def _working_day_shifts(self, company):
        """Return ``{row: working days that its product is brought forward on its request}``, one clock call."""
        lines = self.request_id.line_ids.filtered(lambda line: line.wanted_date and line.promised_date)
        days = company.resource_calendar_id._working_days_between(
            [(company._moment_of(line.wanted_date), company._moment_of(line.promised_date)) for line in lines],
            company,
        )
        by_product = {}
        for line, count in zip(lines, days, strict=True):
            key = line.request_id, line.product_id
            by_product[key] = max(count, by_product.get(key, 0))
        return {row: by_product.get((row.request_id, row.product_id), 0) for row in self}

    @api.model
    def _working_days_later(self, company, requests):
        """Return the day that is the given number of working days after each day, with one clock call.

        :param requests: ``[(date, days)]``
        """
        calendar = company.resource_calendar_id
        moved = [(company._moment_of(day), count) for day, count in requests if count]
        deadlines = iter(calendar._working_day_deadlines(moved, company))
        result = []
        for day, count in requests:
            deadline = next(deadlines) if count else False
            result.append(company._local_day(deadline) or day)
        return result

    @api.constrains("date_after", "date_given")
    def _check_dates(self):
        check_dates(self, "date_after", "date_given")

    # === CRUD === #

    @api.model
    def _typed_fields(self):
        return super()._typed_fields() | {"date_after"}

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if not self.env.su:
            # The system proposes orders of colleagues too; a person adds those they may see.
            rows.sale_line_id.check_access("read")
        return rows

    def write(self, vals):
        self.check_access("write")
        if "date_after" in vals and not self.env.su:
            for request in self.request_id:
                if request.sudo()._approval_in_force().state == "pending":
                    raise UserError(
                        self.env._(
                            "%(request)s is being judged: the dates of other orders are given by production now.",
                            request=request.name,
                        )
                    )
        return super().write(vals)

    # === RULES === #

    def _sale_line_error_message(self):
        line = self.sale_line_id.sudo()
        if line.order_id == self.request_id.order_id:
            return self.env._(
                "%(line)s belongs to the order that is rushed: it is not pushed back by itself.", line=line.display_name
            )
        if not self._is_open():
            return self.env._(
                "%(line)s is not confirmed, or delivered already: it cannot be pushed back.", line=line.display_name
            )
        return super()._sale_line_error_message()

    def _is_open(self):
        self.ensure_one()
        line = self.sale_line_id.sudo()
        return line.state == "sale" and line._is_undelivered()

    def _dates_text(self):
        """The rows `self` with their dates before and after, in one sentence."""
        return "; ".join(
            f"{row.product_id.display_name}: {format_date(row.env, row.date_before)} → "
            f"{format_date(row.env, row.date_after)}"
            for row in self
        )

    # === AT A GLANCE === #

    def _glance_fact(self):
        self.ensure_one()
        return Fact(
            self.env._(
                "Pushed back: %(order)s, %(product)s", order=self.order_name, product=self.product_id.display_name
            ),
            format_date(self.env, self.date_after) if self.date_after else "–",
            before=format_date(self.env, self.date_before) if self.date_before else "",
            tone="warning",
        )
