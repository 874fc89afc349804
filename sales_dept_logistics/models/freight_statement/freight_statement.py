import logging
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from odoo.addons.sales_dept_roles.models.clock.bounds import check_dates
from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date

from ..carrier.statement_month import statement_month

_logger = logging.getLogger(__name__)

ONE_DAY = timedelta(days=1)


class FreightStatement(models.Model):
    """What a carrier charges for a period (物流对账单), compared with the waybills and with what was agreed.

    Its rows are those of the carrier's own files, as they came. Each charge of a row is a line; each line belongs to
    a waybill, or is an exception that somebody settles. What is signed is billed.
    """

    _name = "freight.statement"
    _description = "Freight Statement"
    _inherit = ["mail.thread.main.attachment", "mail.activity.mixin", "sales.approval.preparer.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"
    _preparing_states = ("open",)

    name = fields.Char("Number", required=True, readonly=True, copy=False, default=lambda self: self.env._("New"))
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    carrier_id = fields.Many2one(
        "delivery.carrier", required=True, index=True, ondelete="restrict", check_company=True, tracking=True
    )
    carrier_partner_id = fields.Many2one(related="carrier_id.partner_id", related_sudo=True)
    date_from = fields.Date(
        "Period from",
        required=True,
        compute="_compute_period",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    date_to = fields.Date(
        "Period to",
        required=True,
        compute="_compute_period",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        index=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, index="btree_not_null", check_company=True
    )
    preparer_id = fields.Many2one(help="Who asked to verify it.")
    read_date = fields.Datetime("Read On", readonly=True, copy=False)
    matched_date = fields.Datetime("Matched On", readonly=True, copy=False)
    signed_date = fields.Datetime("Signed On", readonly=True, copy=False)
    cancelled_date = fields.Datetime("Cancelled On", readonly=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("matching", "Being Matched"),
            ("open", "To Be Checked"),
            ("waiting", "Waiting for Approval"),
            ("signed", "Signed"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    row_ids = fields.One2many("freight.statement.row", "statement_id", string="Rows", readonly=True, copy=False)
    line_ids = fields.One2many("freight.statement.line", "statement_id", string="Lines", copy=False)
    note = fields.Text("Remark")

    _period = models.Constraint(
        "CHECK (date_from <= date_to)", "A period begins before it ends: correct the two dates."
    )
    # Of each currency: a statement is in one. As with rate cards, integers are compared as ranges of one value.
    _no_overlap = models.Constraint(
        """
        EXCLUDE USING gist (
            int4range(company_id, company_id, '[]') WITH &&,
            int4range(carrier_id, carrier_id, '[]') WITH &&,
            int4range(currency_id, currency_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (cancelled_date IS NULL)
        """,
        "The carrier has a statement for some of these days already: put the file on it, cancel it, or choose dates "
        "that do not overlap.",
    )

    # === COMPUTES === #

    @api.depends("read_date", "matched_date", "signed_date", "cancelled_date", "approval_state")
    def _compute_state(self):
        for statement in self:
            statement.state = statement._current_state()

    def _current_state(self):
        self.ensure_one()
        if self.cancelled_date:
            return "cancelled"
        if self.signed_date:
            return "signed"
        if self.approval_state in ("pending", "stale"):
            return "waiting"
        if self.matched_date:
            return "open"
        return "matching" if self.read_date else "draft"

    @api.depends("carrier_id")
    def _compute_period(self):
        """The last month that the carrier closed."""
        for statement in self:
            closing_day = statement.carrier_id.sudo().closing_day
            today = statement.company_id._local_today()
            month = statement_month(today, closing_day) - relativedelta(months=1)
            statement.date_from = (
                statement.date_from or closing_date(closing_day, month - relativedelta(months=1)) + ONE_DAY
            )
            statement.date_to = statement.date_to or closing_date(closing_day, month)

    @api.depends("carrier_id", "company_id")
    def _compute_currency_id(self):
        """That of the carrier's rate card, where it has one."""
        for statement in self:
            card = (
                self.env["freight.rate.card"]
                .sudo()
                .search(
                    Domain("carrier_id", "=", statement.carrier_id.id)
                    & Domain("company_id", "=", statement.company_id.id)
                    & Domain("state", "=", "in_use"),
                    order="date_from desc",
                    limit=1,
                )
            )
            statement.currency_id = card.currency_id or statement.company_id.currency_id

    @api.depends("name", "carrier_id")
    def _compute_display_name(self):
        for statement in self:
            names = [statement.name, statement.carrier_id.sudo().name]
            statement.display_name = " · ".join(filter(None, names))

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        check_dates(self, "date_from", "date_to")

    @api.constrains("company_id", "carrier_id", "currency_id", "date_from", "date_to")
    def _check_days_free(self):
        """As the database refuses it; alone in one that had two statements of a day before there was a rule."""
        for statement in self.filtered(lambda statement: not statement.cancelled_date):
            other = self.search(
                Domain("id", "!=", statement.id)
                & Domain("company_id", "=", statement.company_id.id)
                & Domain("carrier_id", "=", statement.carrier_id.id)
                & Domain("currency_id", "=", statement.currency_id.id)
                & Domain("date_from", "<=", statement.date_to)
                & Domain("date_to", ">=", statement.date_from)
                & Domain("cancelled_date", "=", False),
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(other)s has %(begin)s – %(end)s of this carrier already: put the file on it, cancel it, or "
                        "choose dates that do not overlap.",
                        other=other.display_name,
                        begin=format_date(self.env, other.date_from),
                        end=format_date(self.env, other.date_to),
                    )
                )

    def init(self):
        """Say, where an update finds statements of the same days, which these are and what to do about them."""
        result = super().init()
        for one, other in self._sharing_days():
            _logger.warning(
                "Freight statements %s and %s have days of the same carrier in common. Both stay as they are, and new "
                "ones are refused for these days. Cancel one of the two, if they are not both signed, and update "
                "sales_dept_logistics again: from then on the database itself refuses it.",
                one,
                other,
            )
        return result

    @api.model
    def _sharing_days(self):
        """``[(number, number)]`` of statements that are not cancelled, and of the same days."""
        return self.env.execute_query(
            SQL(
                """
                SELECT one.name, other.name
                  FROM freight_statement one
                  JOIN freight_statement other
                    ON other.id > one.id AND other.company_id = one.company_id AND other.carrier_id = one.carrier_id
                   AND other.currency_id = one.currency_id AND other.cancelled_date IS NULL
                   AND daterange(other.date_from, other.date_to, '[]') && daterange(one.date_from, one.date_to, '[]')
                 WHERE one.cancelled_date IS NULL
              ORDER BY one.id, other.id
                """
            )
        )

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {
            "name",
            "state",
            "read_date",
            "matched_date",
            "signed_date",
            "cancelled_date",
        }

    @api.model_create_multi
    def create(self, vals_list):
        statements = super().create(vals_list)
        for statement in statements:
            numbers = self.env["ir.sequence"].with_company(statement.company_id)
            number = numbers.next_by_code("freight.statement")
            statement._write_protected({"name": number or statement.name})
        return statements

    def write(self, vals):
        if vals.keys() & {"carrier_id", "date_from", "date_to", "currency_id", "company_id"} and (
            kept := self.filtered(lambda statement: statement.state != "draft")[:1]
        ):
            raise UserError(
                self.env._(
                    "%(statement)s has lines already, and they are of that carrier and period: make another one.",
                    statement=kept.display_name,
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if kept := self.filtered(lambda statement: statement.state != "draft")[:1]:
            raise UserError(
                self.env._("%(statement)s has been read already: cancel it instead.", statement=kept.display_name)
            )

    def _check_lines_open(self):
        """:raises UserError: where the lines are what was signed, or is about to be"""
        if kept := self.filtered(lambda statement: statement.state not in ("draft", "matching", "open"))[:1]:
            raise UserError(
                self.env._(
                    "%(statement)s is %(state)s: its lines stay as they are. Withdraw the request for approval first.",
                    statement=kept.display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[kept.state],
                )
            )
