from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..kpi.month_name import month_name

MONTHS = 12


class SalesContactProposal(models.Model):
    """The contact class that each customer's sales speak for: A for those who make the first 80 %, and so on.

    One row for each customer that bought something in the last twelve full months, or that has such a class. Nothing is
    stored and nothing changes by itself: whoever decides how often customers are contacted takes over what they agree
    with.
    """

    _name = "sales.contact.proposal"
    _description = "Proposed Contact Class"
    _auto = False
    _order = "amount desc, id"
    _rec_name = "partner_id"
    _depends = {
        "res.partner": ["active", "commercial_partner_id", "company_id", "contact_class_id", "user_id"],
        "res.users": ["company_id"],
        "sales.contact.class": ["company_id", "sales_share", "sequence"],
    }

    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Account Manager", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    contact_class_id = fields.Many2one("sales.contact.class", "Class", readonly=True)
    proposed_class_id = fields.Many2one("sales.contact.class", "Proposed", readonly=True)
    amount = fields.Monetary("Sales of 12 Months", readonly=True)
    share = fields.Float("Share of Sales (%)", digits=(5, 2), readonly=True)
    share_before = fields.Float(
        "Of Larger Ones (%)",
        digits=(5, 2),
        readonly=True,
        aggregator=None,
        help="The share of the customers who bought more.",
    )
    position = fields.Integer("Place", readonly=True, aggregator=None)
    state = fields.Selection(
        [("new", "No Class Yet"), ("up", "Higher"), ("down", "Lower"), ("same", "As It Is")],
        string="Change",
        readonly=True,
    )
    reason = fields.Char(compute="_compute_reason")

    @api.depends("amount", "share", "share_before", "position", "proposed_class_id")
    @api.depends_context("lang")
    def _compute_reason(self):
        for proposal in self:
            proposal.reason = proposal._reason()

    def _reason(self):
        """Why the class is proposed, in a sentence."""
        self.ensure_one()
        since, until = self._span(self.company_id)
        months = {
            "since": month_name(self.env, since),
            "until": month_name(self.env, until - relativedelta(days=1)),
        }
        if not self.position:
            return self.env._("No sales from %(since)s to %(until)s.", **months)
        return self.env._(
            "Sales of %(amount)s from %(since)s to %(until)s, %(share)s %% of all: no. %(place)s, after customers with "
            "%(before)s %%. %(class)s goes up to %(limit)s %%.",
            amount=self.currency_id.format(self.amount),
            share=f"{self.share:.1f}",
            before=f"{self.share_before:.1f}",
            place=self.position,
            limit=f"{self.proposed_class_id.sales_share:g}",
            **months,
            **{"class": self.proposed_class_id.name},
        )

    # === THE ROWS === #

    @api.model
    def _span(self, company):
        """The first day of the last twelve full months of `company`, and the first after them."""
        until = company._local_today().replace(day=1)
        return until - relativedelta(months=MONTHS), until

    @property
    def _table_query(self):
        Class = self.env["sales.contact.class"]
        parts = [
            self._company_sql(company, classes)
            for company in self.env.companies
            if (classes := Class._by_sales(company))
        ]
        # Without a class there is nothing to propose; a customer of several companies is proposed by the best of them.
        return SQL(
            """
            SELECT DISTINCT ON (customer.id) customer.*,
                   CASE WHEN customer.contact_class_id IS NULL THEN 'new'
                        WHEN customer.contact_class_id = customer.proposed_class_id THEN 'same'
                        WHEN proposed.sales_share < given.sales_share THEN 'up' ELSE 'down' END AS state
              FROM (%s) customer
              JOIN sales_contact_class proposed ON proposed.id = customer.proposed_class_id
         LEFT JOIN sales_contact_class given ON given.id = customer.contact_class_id
          ORDER BY customer.id, customer.amount DESC, customer.company_id
            """,
            SQL(" UNION ALL ").join(parts or [self._nobody_sql()]),
        )

    @api.model
    def _company_sql(self, company, classes):
        """The customers whose contacts `company` plans, each with the one of `classes` that its sales speak for."""
        limits = SQL(", ").join(SQL("(%s, %s)", one.id, one.sales_share) for one in classes)
        return SQL(
            """
            SELECT partner.id, partner.id AS partner_id, partner.user_id, %(company)s AS company_id,
                   partner.contact_class_id, COALESCE(fitting.id, %(lowest)s) AS proposed_class_id,
                   COALESCE(sale.amount, 0) AS amount, 100 * COALESCE(sale.amount / sale.total, 0) AS share,
                   100 * COALESCE(sale.before / sale.total, 1) AS share_before, COALESCE(sale.position, 0) AS position
              FROM res_partner partner
         LEFT JOIN (%(ranked)s) sale ON sale.partner_id = partner.id
         LEFT JOIN sales_contact_class class ON class.id = partner.contact_class_id
         LEFT JOIN res_users manager ON manager.id = partner.user_id
         LEFT JOIN LATERAL (
                   SELECT limits.id
                     FROM (VALUES %(limits)s) limits (id, share)
                    WHERE 100 * sale.before < limits.share * sale.total
                 ORDER BY limits.share
                    LIMIT 1) fitting ON TRUE
             WHERE partner.active AND partner.commercial_partner_id = partner.id
               AND (sale.partner_id IS NOT NULL OR partner.contact_class_id IS NOT NULL)
               AND (class.id IS NULL OR class.sales_share > 0)
               AND COALESCE(partner.company_id, class.company_id, manager.company_id, %(company)s) = %(company)s
            """,
            company=company.id,
            lowest=classes[-1].id,
            limits=limits,
            ranked=self._ranked_sql(company),
        )

    @api.model
    def _ranked_sql(self, company):
        """Customers with sales, the largest first, with what those before them and all of them bought."""
        return SQL(
            """
            SELECT partner_id, amount, SUM(amount) OVER largest - amount AS before, SUM(amount) OVER () AS total,
                   ROW_NUMBER() OVER largest AS position
              FROM (
                   SELECT document.partner_id, SUM(document.amount) AS amount
                     FROM (%s) document
                 GROUP BY document.partner_id
                   HAVING SUM(document.amount) > 0) bought
            WINDOW largest AS (ORDER BY amount DESC, partner_id ROWS UNBOUNDED PRECEDING)
            """,
            self.env["sales.basis"]._documents_sql(company, *self._span(company)),
        )

    @api.model
    def _nobody_sql(self):
        return SQL(
            "SELECT 0 AS id, 0 AS partner_id, 0 AS user_id, 0 AS company_id, 0 AS contact_class_id,"
            " 0 AS proposed_class_id, 0::numeric AS amount, 0::numeric AS share, 0::numeric AS share_before,"
            " 0 AS position WHERE FALSE"
        )

    # === DECIDING === #

    def action_accept(self):
        """Give the customers of `self` the class that is proposed, and keep the reason with each."""
        self.check_access("read")
        changes = self.filtered(lambda proposal: proposal.state != "same")
        bodies = {
            proposal.partner_id.id: self.env._(
                "Contact class %(class)s. %(reason)s",
                reason=proposal.reason,
                **{"class": proposal.proposed_class_id.name},
            )
            for proposal in changes
        }
        customers = changes.partner_id
        for contact_class, proposals in changes.grouped("proposed_class_id").items():
            proposals.partner_id.write({"contact_class_id": contact_class.id})
        customers._message_log_batch(bodies=bodies)
        self.invalidate_model()
        return True

    def action_open_customer(self):
        self.ensure_one()
        return self.partner_id._get_records_action()
