from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.order_dates.date_column import read_dates


class SaleOrderReviewDates(models.TransientModel):
    """The dialog that asks for the dates of all lines at once: those the customer wants, or those production keeps.

    It writes nothing itself: the order and the review decide who may. Then it goes on with what needed the dates.
    """

    _name = "sale.order.review.dates"
    _description = "Dates of an Order Review"

    order_id = fields.Many2one("sale.order", readonly=True, ondelete="cascade")
    review_id = fields.Many2one("sale.order.review", readonly=True, ondelete="cascade")
    outcome = fields.Selection(
        [("approved", "Sign off"), ("conditional", "Agree with Conditions")],
        readonly=True,
        help="The decision that waits for the dates, if one does.",
    )
    line_ids = fields.One2many("sale.order.review.dates.line", "wizard_id")
    same_date = fields.Date("Same Date for All")
    pasted = fields.Text("Or Paste a Column")
    paste_problem = fields.Text(compute="_compute_paste_problem")

    _one_subject = models.Constraint(
        "CHECK ((order_id IS NULL) != (review_id IS NULL))", "The dates are either of an order or of its review."
    )

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            (wizard.order_id or wizard.review_id).check_access("read")
            wizard.line_ids = [
                Command.create(values)
                for values in (
                    [
                        {"number": number, "order_line_id": line.id, "date": line.wanted_date}
                        for number, line in enumerate(wizard.order_id._lines_to_review(), 1)
                    ]
                    or [
                        {"number": number, "review_line_id": line.id, "date": line.promised_date}
                        for number, line in enumerate(wizard.review_id.line_ids, 1)
                    ]
                )
            ]
        return wizards

    # === FILLING === #

    @api.onchange("same_date")
    def _onchange_same_date(self):
        if self.same_date:
            for line in self.line_ids:
                line.date = self.same_date

    @api.onchange("pasted")
    def _onchange_pasted(self):
        if self.pasted and not self.paste_problem:
            for line, day in zip(self.line_ids, read_dates(self.pasted)[0], strict=True):
                line.date = day

    @api.depends("pasted")
    @api.depends_context("lang")
    def _compute_paste_problem(self):
        for wizard in self:
            wizard.paste_problem = wizard._paste_problem()

    def _paste_problem(self):
        """What is wrong with the pasted column, where, and what to do; False where nothing is."""
        days, bad = read_dates(self.pasted)
        rows = len(days) + len(bad)
        if bad:
            names = {"row": bad[0].number, "text": bad[0].text, "more": len(bad) - 1}
            if not bad[0].text:
                return self.env._("Row %(row)s is empty: each line takes a date, written as 2026-12-01.", **names)
            if len(bad) > 1:
                return self.env._(
                    "Row %(row)s: “%(text)s” is no date with its year first, and %(more)s more rows are none. "
                    "Write 2026-12-01.",
                    **names,
                )
            return self.env._("Row %(row)s: “%(text)s” is no date with its year first. Write 2026-12-01.", **names)
        if rows and rows != len(self.line_ids):
            return self.env._(
                "%(dates)s dates for %(lines)s lines: paste one for each, in the order of the lines.",
                dates=rows,
                lines=len(self.line_ids),
            )
        return False

    def action_as_wanted(self):
        """Take for each line the date that the customer wants."""
        self.ensure_one()
        for day, lines in self.line_ids.filtered("wanted_date").grouped("wanted_date").items():
            lines.date = day
        self.write({"same_date": False, "pasted": False})
        return self._open()

    # === GOING ON === #

    def action_apply(self):
        """Hand the dates over, and go on with what needed them."""
        self.ensure_one()
        if problem := self._paste_problem():
            raise UserError(problem)
        if self.order_id:
            self.order_id._set_wanted_dates({line.order_line_id.id: line.date for line in self.line_ids})
            return self.order_id.action_order_review()
        undated = self.line_ids.filtered(lambda line: not line.date)
        if self.outcome and undated:
            raise UserError(
                self.env._(
                    "Production promises a date for each line; these rows have none yet: %(rows)s.",
                    rows=", ".join(str(line.number) for line in undated),
                )
            )
        self.review_id.action_promise_dates({line.review_line_id.id: line.date for line in self.line_ids})
        if self.outcome:
            return self.review_id._action_decide(self.outcome)
        return {"type": "ir.actions.act_window_close"}

    def _open(self):
        document = self.order_id or self.review_id
        if self.order_id:
            title = self.env._("When does the customer want %(order)s?", order=document.name)
        else:
            title = self.env._("When can %(review)s be delivered?", review=document.name)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
