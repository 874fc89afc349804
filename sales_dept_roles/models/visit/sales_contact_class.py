from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

UNITS = {"day": "days", "week": "weeks", "month": "months"}


class SalesContactClass(models.Model):
    """How often customers of a kind are contacted: A every month, B every quarter, C twice a year."""

    _name = "sales.contact.class"
    _inherit = ["sales.dept.shared.mixin"]
    _description = "Contact Class"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char("Class", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env["res.users"]._company_of_new_configuration(),
        help="Empty: for all companies.",
    )
    interval_number = fields.Integer("Every", required=True, default=1)
    interval_unit = fields.Selection(
        [("day", "Days"), ("week", "Weeks"), ("month", "Months")], string="Unit", required=True, default="month"
    )
    contact_kind = fields.Selection(
        [("any", "Visit, Call or Online Meeting"), ("visit", "Visit")],
        string="Contacted By",
        required=True,
        default="any",
        help="What counts as contact: whatever was talked about with the customer, or visits alone.",
    )
    note = fields.Char(
        "For Whom", translate=True, help="Which customers belong to it, such as: the first 80 % of sales."
    )
    customer_ids = fields.One2many("res.partner", "contact_class_id", string="Customers")
    customer_count = fields.Integer("Number of Customers", compute="_compute_customer_count")

    _name_unique = models.UniqueIndex(
        "(name, COALESCE(company_id, 0)) WHERE active", "There is such a class already: give this one another name."
    )
    _interval_positive = models.Constraint(
        "CHECK (interval_number BETWEEN 1 AND 366)",
        "Customers of a class are contacted every 1 to 366 days, weeks or months: give a number from 1 to 366.",
    )

    def _compute_customer_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("contact_class_id", "in", self.ids)], ["contact_class_id"], ["__count"]
            )
        )
        for contact_class in self:
            contact_class.customer_count = counts.get(contact_class, 0)

    def _interval(self):
        """The time between two contacts, to be added to a day."""
        self.ensure_one()
        return relativedelta(**{UNITS[self.interval_unit]: self.interval_number})

    @api.model
    def _interval_sql(self, alias):
        """As :meth:`_interval`, of the class in the row `alias`."""
        return SQL(
            "(%(class)s.interval_number || ' ' || %(class)s.interval_unit)::interval",
            **{"class": SQL.identifier(alias)},
        )

    @api.model
    def _due_day(self, last, since, interval):
        """The day by which a customer is contacted next.

        :param date last: of the contact before, or False
        :param date since: the day from which the class holds for the customer
        :param interval: of :meth:`_interval`
        """
        return max(last + interval, since) if last else since + interval

    @api.model
    def _due_day_sql(self, last, since, interval):
        """As :meth:`_due_day`, of columns; an interval is never less than nothing."""
        return SQL(
            "GREATEST((COALESCE(%(last)s, %(since)s) + %(interval)s)::date, %(since)s)",
            last=last,
            since=since,
            interval=interval,
        )
