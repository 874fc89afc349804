from odoo import api, fields, models
from odoo.tools import SQL


class SalesContactDue(models.Model):
    """Who is due: one row for each customer, with its class, its last contact and the day of the next.

    One query for all of them: nothing is stored, so merged customers, changed classes and reports that come late are
    right at once.
    """

    _name = "sales.contact.due"
    _description = "Contact Plan"
    _auto = False
    _order = "date_due, last_date, id"
    _depends = {
        "calendar.event": ["active", "start", "visit_date", "visit_kind", "visit_partner_id", "visit_purpose"],
        "res.partner": [
            "active",
            "city",
            "commercial_partner_id",
            "company_id",
            "contact_class_date",
            "contact_class_id",
            "customer_rank",
            "phone",
            "tz",
            "user_id",
        ],
        "res.company": ["partner_id", "resource_calendar_id"],
        "res.users": ["company_id"],
        "resource.calendar": ["tz"],
        "sales.contact.class": ["company_id", "contact_kind", "interval_number", "interval_unit"],
    }
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    contact_class_id = fields.Many2one("sales.contact.class", "Class", readonly=True)
    contact_kind = fields.Selection(related="contact_class_id.contact_kind")
    last_date = fields.Date("Last Contact", readonly=True, help="Of the kind that the class asks for.")
    date_due = fields.Date("Due By", readonly=True)
    planned_date = fields.Datetime("Planned For", readonly=True, help="The next visit or call that is in the calendar.")
    days_since = fields.Integer(readonly=True, aggregator="max")
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    state = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("due", "Due This Month"),
            ("later", "Later"),
            ("none", "Not in the Plan"),
        ],
        string="Status",
        readonly=True,
    )
    phone = fields.Char(related="partner_id.phone")
    city = fields.Char(related="partner_id.city")

    @property
    def _table_query(self):
        now = fields.Datetime.now()
        return SQL(
            """
            WITH local AS MATERIALIZED (%(local)s)
            SELECT customer.id, customer.id AS partner_id, customer.user_id, customer.plan_company_id AS company_id,
                   customer.contact_class_id, customer.last_date, customer.date_due, planned.start AS planned_date,
                   today.day - customer.last_date AS days_since,
                   GREATEST(today.day - customer.date_due, 0) AS days_overdue,
                   CASE WHEN customer.date_due IS NULL THEN 'none'
                        WHEN customer.date_due < today.day THEN 'overdue'
                        WHEN customer.date_due < date_trunc('month', today.day) + INTERVAL '1 month' THEN 'due'
                        ELSE 'later' END AS state
              FROM (%(customers)s) customer
         LEFT JOIN (
                   SELECT visited.commercial_partner_id AS partner_id, MIN(event.start) AS start
                     FROM calendar_event event
                     JOIN res_partner visited ON visited.id = event.visit_partner_id
                    WHERE event.visit_purpose IS NOT NULL AND event.visit_date IS NULL AND event.active
                      AND event.start >= %(now)s
                 GROUP BY visited.commercial_partner_id) planned ON planned.partner_id = customer.id
         LEFT JOIN local ON local.company_id = customer.plan_company_id
        CROSS JOIN LATERAL (SELECT COALESCE(local.day, %(now)s::date) AS day) today
            """,
            local=self.env["res.company"]._local_todays_sql(),
            customers=self._customers_sql(),
            now=now,
        )

    @api.model
    def _customers_sql(self, until=None):
        """The customers with their class, their last contact and the day by which the next one is due.

        :param until: look at contacts before this day only
        """
        Class = self.env["sales.contact.class"]
        return SQL(
            """
            WITH class AS MATERIALIZED (
                -- Of the class alone: written out for each customer, a text would be read as an interval again.
                SELECT id, company_id, contact_kind, interval_unit, interval_number, %(interval)s AS step
                  FROM sales_contact_class
            )
            SELECT partner.id, partner.name, partner.user_id, partner.contact_class_id, contact.last_date,
                   class.contact_kind, class.interval_unit, class.interval_number,
                   CASE WHEN class.id IS NOT NULL THEN %(due)s END AS date_due,
                   COALESCE(partner.company_id, class.company_id, manager.company_id) AS plan_company_id
              FROM res_partner partner
         LEFT JOIN class ON class.id = partner.contact_class_id
         LEFT JOIN res_users manager ON manager.id = partner.user_id
         LEFT JOIN (
                   -- First by whom was met, then by whom that belongs to: contacts are many, people are few.
                   SELECT visited.commercial_partner_id AS partner_id, MAX(met.any_date) AS any_date,
                          MAX(met.visit_date) AS visit_date
                     FROM (
                           SELECT event.visit_partner_id, MAX(event.visit_date) AS any_date,
                                  MAX(event.visit_date) FILTER (WHERE event.visit_kind = 'visit') AS visit_date
                             FROM calendar_event event
                            WHERE event.visit_date IS NOT NULL AND %(before)s
                         GROUP BY event.visit_partner_id) met
                     JOIN res_partner visited ON visited.id = met.visit_partner_id
                 GROUP BY visited.commercial_partner_id) contacts ON contacts.partner_id = partner.id
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN class.contact_kind = 'visit' THEN contacts.visit_date
                               ELSE contacts.any_date END AS last_date) contact
             WHERE partner.active AND partner.commercial_partner_id = partner.id
               AND (class.id IS NOT NULL OR partner.customer_rank > 0 OR contacts.partner_id IS NOT NULL)
            """,
            interval=Class._interval_sql("sales_contact_class"),
            before=SQL("event.visit_date < %s", until) if until else SQL("TRUE"),
            due=Class._due_day_sql(SQL("contact.last_date"), SQL("partner.contact_class_date"), SQL("class.step")),
        )

    # === ACTIONS === #

    def action_plan_visit(self):
        self.ensure_one()
        return self.partner_id.action_plan_visit()

    def action_log_call(self):
        self.ensure_one()
        return self.partner_id.action_log_call()

    def action_open_customer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_open_contacts(self):
        self.ensure_one()
        return self.partner_id.action_view_visits()
