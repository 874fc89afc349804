from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .month_name import month_name
from .period import Period

LEADERS = ("sales_dept_roles.group_director", "sales_dept_roles.group_general_manager")
CRON = "sales_dept_kpi.ir_cron_kpi"
# What is older is computed again by the hourly job; a little less than an hour, for a turn that comes early.
FRESH = timedelta(minutes=55)
# So many months before the last one are kept fresh too, while they are open.
OLDER = 12


class SalesKpiMonth(models.Model):
    """A month of a company: its figures move with the documents until it is locked, and never after.

    Opened again, with a reason that is kept, it is computed anew; what it said before stands in nobody's way.
    """

    _name = "sales.kpi.month"
    _description = "Month of KPIs"
    _inherit = ["sales.dept.protected.mixin"]
    _order = "date_from desc, company_id"
    _rec_name = "date_from"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    date_from = fields.Date("Month", required=True, readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("locked", "Locked")], string="Status", required=True, readonly=True, default="open"
    )
    computed_date = fields.Datetime(
        "Computed On", compute="_compute_computed_date", help="The figures are as the documents were then, or later."
    )
    locked_date = fields.Datetime("Locked On", readonly=True)
    locked_by_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    total_ids = fields.One2many("sales.kpi.total", "month_id", string="Department's Figures")
    result_ids = fields.One2many("sales.kpi.result", "month_id")
    log_ids = fields.One2many("sales.kpi.month.log", "month_id", string="Locks")
    is_over = fields.Boolean(compute="_compute_is_over")

    _once = models.UniqueIndex("(company_id, date_from)", "A company has each month once.")
    _first_of_month = models.Constraint("CHECK (EXTRACT(DAY FROM date_from) = 1)", "A month begins on its first day.")

    @api.depends("date_from")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for month in self:
            month.display_name = month_name(self.env, month.date_from)

    @api.depends("total_ids.computed_date")
    def _compute_computed_date(self):
        rows = (
            self.env["sales.kpi.total"]
            .sudo()
            ._read_group(
                # What is computed no more holds nothing up.
                Domain("month_id", "in", self.ids) & Domain("kpi_id.active", "=", True),
                ["month_id"],
                ["computed_date:min"],
            )
        )
        dates = {month.id: date for month, date in rows}
        for month in self:
            month.computed_date = dates.get(month.id)

    @api.depends("date_from", "company_id")
    def _compute_is_over(self):
        for month in self:
            month.is_over = month._period().date_to <= month._period().today

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "company_id",
            "date_from",
            "state",
            "locked_date",
            "locked_by_id",
            "total_ids",
            "result_ids",
            "log_ids",
        }

    # === MONTHS === #

    @api.model
    @api.private
    def _of(self, company, day):
        """Return the month of `company` that holds `day`, made if need be; two people who ask at once get the same."""
        date_from = day.replace(day=1)
        domain = Domain("company_id", "=", company.id) & Domain("date_from", "=", date_from)
        month = self.sudo().search(domain)
        if not month:
            self.env.cr.execute(
                "INSERT INTO sales_kpi_month (company_id, date_from, state, create_uid, create_date, write_uid,"
                " write_date) VALUES (%s, %s, 'open', %s, now() AT TIME ZONE 'UTC', %s, now() AT TIME ZONE 'UTC')"
                " ON CONFLICT DO NOTHING",
                [company.id, date_from, self.env.uid, self.env.uid],
            )
            month = self.sudo().search(domain)
        return month.with_env(self.env)

    def _period(self):
        """The :class:`Period` of the month, as seen now."""
        self.ensure_one()
        return Period.of(self.company_id.sudo(), self.date_from, fields.Datetime.now())

    def _totals(self):
        """Return the department's figures of the month, one for each KPI of the company, computed or not yet.

        A locked month has those that it was locked with.
        """
        self.ensure_one()
        kpis = self.env["sales.kpi"].sudo()._of_company(self.company_id)
        if self.state == "open":
            self.env["sales.kpi.total"]._make(self, kpis)
        return self.env["sales.kpi.total"].sudo().search([("month_id", "=", self.id), ("kpi_id", "in", kpis.ids)])

    # === COMPUTING === #

    def action_compute(self):
        """Compute the figures of the month as the documents are now, for everybody.

        A KPI whose query fails keeps what it said last, and holds up no other.

        :return: True, or a notification that names those that failed
        :raises UserError: when it is locked, or being computed by somebody else
        """
        failed = self._compute_open()
        return self._notification_of(failed) if failed else True

    def _compute_open(self):
        """As :meth:`action_compute`, but return ``{total: error}`` of the KPIs that failed."""
        self.check_access("read")
        self._lock_rows()
        self._check_open()
        return self._compute()

    def _compute(self):
        """Compute each KPI by itself; return ``{its total: error}`` of those that failed."""
        totals = self.env["sales.kpi.total"].union(*(month._totals() for month in self))
        return self._each_of(totals, lambda total: total._compute_figures())

    @api.model
    def _each_of(self, totals, work):
        """Do `work` for each of `totals` by itself; return ``{total: error}`` of those that failed."""
        failed = {}
        for total in totals:
            failed.update(self.env["sales.dept.job"]._do(total, work))
        for error in failed.values():
            # Nothing is wrong with the KPI: the whole is tried once more.
            if isinstance(error, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                raise error
        return failed

    def _failed_text(self, failed):
        """Which KPIs could not be computed, and why: a sentence each."""
        return "\n".join(
            self.env._(
                "“%(kpi)s” could not be computed (%(error)s).",
                kpi=total.kpi_id.name,
                # Of what a database says the rest are pieces of the program.
                error=(str(error).strip().splitlines() or [type(error).__name__])[0],
            )
            for total, error in failed.items()
        )

    def _notification_of(self, failed):
        rest = self.env._("It shows what it said last. The other KPIs are as the documents are now.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": f"{self._failed_text(failed)}\n{rest}",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _lock_rows(self):
        """Let nobody else compute, lock or open these months until this transaction ends."""
        try:
            self.sudo().lock_for_update()
        except LockError:
            raise UserError(
                self.env._("The figures are being computed by somebody else right now: look again in a minute.")
            ) from None
        self.invalidate_recordset()

    def _check_open(self):
        if locked := self.filtered(lambda month: month.state == "locked")[:1]:
            raise UserError(
                self.env._(
                    "%(month)s is locked: its figures stay as they are. What they would be now is shown by "
                    "“Difference to Now”.",
                    month=locked.display_name,
                )
            )

    @api.model
    def _cron_compute(self):
        """Keep the running months fresh, and those before them until they are locked; one KPI is one step.

        The latest come first, so that a turn that is stopped leaves the oldest for the next.
        """
        companies = self.env["res.company"].search([("sales_dept_kpi", "=", True)])
        months = self.union(*(self._kept_fresh(company) for company in companies))
        totals = self.env["sales.kpi.total"].union(
            *(month._totals() for month in months.sorted("date_from", reverse=True))
        )
        stale = totals.filtered(
            lambda total: not total.computed_date or total.computed_date < fields.Datetime.now() - FRESH
        )
        self.env["sales.dept.job"]._run(CRON, stale, lambda batch: batch._compute_in_turn(), batch_size=1)

    @api.model
    def _kept_fresh(self, company):
        """The open months of `company`: the running one, the one before, and so many older ones as were not locked."""
        today = company._local_today()
        last = self._of(company, today.replace(day=1) - timedelta(days=1))
        older = self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "open")
            & Domain("date_from", "<", last.date_from),
            limit=OLDER,
        )
        return older | (self._of(company, today) | last).filtered(lambda month: month.state == "open")

    # === LOCKING === #

    def action_lock(self):
        """Compute once more, and keep the figures as they are.

        :raises UserError: when a KPI could not be computed: a month is locked whole
        """
        self._check_leader()
        self._lock_rows()
        for month in self.filtered(lambda month: month.state == "open"):
            if not month.is_over:
                raise UserError(
                    self.env._("%(month)s is not over yet: it is locked when it is.", month=month.display_name)
                )
            if failed := month._compute():
                raise UserError(
                    self.env._(
                        "%(failed)s\n%(month)s is not locked: have the KPI mended, or archive it, and lock it then.",
                        failed=self._failed_text(failed),
                        month=month.display_name,
                    )
                )
            month._set_state("locked", {"locked_date": fields.Datetime.now(), "locked_by_id": self.env.user})
        return True

    def action_reopen(self):
        """Ask for the reason to open it again."""
        self.ensure_one()
        self._check_leader()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Open Again"),
            "res_model": "sales.kpi.reopen",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_month_id": self.id},
        }

    @api.private
    def _reopen(self, reason):
        """Open locked months again, with a reason that is kept."""
        self._check_leader()
        self._lock_rows()
        for month in self.filtered(lambda month: month.state == "locked"):
            month._set_state("open", {"locked_date": False, "locked_by_id": False}, reason)

    def _set_state(self, state, vals, reason=False):
        self.sudo()._write_protected({"state": state, **vals})
        self.env["sales.kpi.month.log"].sudo().create(
            {
                "month_id": self.id,
                "kind": "locked" if state == "locked" else "opened",
                "user_id": self.env.uid,
                "reason": reason,
            }
        )

    def _check_leader(self):
        self.check_access("read")
        if not any(self.env.user.has_group(group) for group in LEADERS):
            raise AccessError(
                self.env._(
                    "The sales director and the general manager lock months, open them again and compare them with now."
                )
            )

    # === SCREENS === #

    def action_show_difference(self):
        """What the figures would be if they were computed now, beside what they are."""
        self.ensure_one()
        self._check_leader()
        difference = self.env["sales.kpi.difference"]._of(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Difference to Now: %(month)s", month=self.display_name),
            "res_model": "sales.kpi.difference",
            "res_id": difference.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_results(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_kpi.action_sales_kpi_results")
        return {**action, "domain": [("month_id", "=", self.id)], "context": {"search_default_group_person": 1}}
