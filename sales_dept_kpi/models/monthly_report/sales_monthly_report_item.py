from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates

from .sales_monthly_report import OPEN

PLAN = ("name", "measure", "date")
ANSWER = ("outcome", "remark", "moved_date")


class SalesMonthlyReportItem(models.Model):
    """Something that a person plans for the next month, and what came of it, said in the next month's report.

    Its plan is part of one report, its answer of the next: each can be changed as long as that report is open.
    """

    _name = "sales.monthly.report.item"
    _description = "Planned Item of a Monthly Report"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "date_from desc, report_id, sequence, id"
    _check_company_auto = True

    report_id = fields.Many2one(
        "sales.monthly.report", "Planned In", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="report_id.company_id", store=True, index=True)
    user_id = fields.Many2one(related="report_id.user_id", store=True, index=True, string="Planned By")
    date_from = fields.Date(related="report_id.date_from", store=True)
    month_text = fields.Char(related="report_id.month_text")
    plan_state = fields.Selection(related="report_id.state", string="Plan's Status")
    sequence = fields.Integer(default=10)
    name = fields.Char("What", required=True)
    measure = fields.Text(help="How it is done.")
    date = fields.Date("By")
    answer_report_id = fields.Many2one(
        "sales.monthly.report",
        "Answered In",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The report of the next month, which says what came of it.",
    )
    outcome = fields.Selection(
        [("done", "Done"), ("not_done", "Not Done"), ("moved", "Moved")], string="What Came of It", copy=False
    )
    remark = fields.Text(copy=False)
    moved_date = fields.Date("Moved To", copy=False)
    previous_id = fields.Many2one(
        "sales.monthly.report.item",
        "Moved From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    next_ids = fields.One2many("sales.monthly.report.item", "previous_id", string="Moved On As", copy=False)

    @api.constrains("date", "moved_date")
    def _check_dates(self):
        check_dates(self, "date", "moved_date")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "company_id",
            "user_id",
            "date_from",
            "answer_report_id",
            "previous_id",
            "next_ids",
        }

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.report_id._check_open()
        if answered := items.filtered(lambda item: any(item[name] for name in ANSWER))[:1]:
            raise UserError(answered._not_asked_message())
        return items

    def write(self, vals):
        if vals.keys() & {*PLAN, "sequence", "report_id"}:
            self.report_id._check_open()
        if "report_id" in vals:
            # A record rule looks at where it was before this write, not after it.
            self.report_id.browse(vals["report_id"]).check_access("write")
        if vals.keys() & {*ANSWER}:
            if not_asked := self.filtered(lambda item: not item.answer_report_id)[:1]:
                raise UserError(not_asked._not_asked_message())
            self.answer_report_id._check_open()
        result = super().write(vals)
        if "report_id" in vals:
            self.report_id._check_open()
        if vals.keys() & {"outcome", "moved_date"}:
            self._carry_on()
        return result

    def _not_asked_message(self):
        return self.env._("What came of “%(item)s” is said in the next month's report.", item=self.name)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self.report_id._check_open()
        if moved := not self.env.su and self.filtered("previous_id")[:1]:
            raise UserError(
                self.env._(
                    "“%(item)s” was moved here from last month's plan: say there that it is done, or not, and it goes.",
                    item=moved.name,
                )
            )

    # === ANSWERS === #

    def _answer_error_message(self):
        """Return what is missing in the answer to this item, or False."""
        self.ensure_one()
        if not self.outcome:
            return self.env._("Say of “%(item)s”, planned last month, whether it is done.", item=self.name)
        if self.outcome != "done" and not (self.remark or "").strip():
            return self.env._("Say in the remark why “%(item)s”, planned last month, is not done.", item=self.name)
        if self.outcome == "moved" and not self.moved_date:
            return self.env._("Say until when “%(item)s” is moved.", item=self.name)
        return False

    def _carry_on(self):
        """What is moved stands in the next plan too; what is not moved any more does not."""
        moved = self.filtered(lambda item: item.outcome == "moved")
        (self - moved).sudo().next_ids.unlink()
        for item in moved:
            if item.next_ids:
                item.next_ids.write({"date": item.moved_date})
            else:
                item.create(item._prepare_next_values())._write_protected({"previous_id": item})

    def _prepare_next_values(self):
        return {
            "report_id": self.answer_report_id.id,
            "name": self.name,
            "measure": self.measure,
            "date": self.moved_date,
            "sequence": self.sequence,
        }

    def _adopt(self, report):
        """Have the items `self` answered in `report`."""
        self._write_protected({"answer_report_id": report})

    @api.model
    def _unanswered(self):
        """The domain of what was planned and submitted, and is asked in no report yet."""
        return [("answer_report_id", "=", False), ("report_id.state", "not in", OPEN)]
