from odoo import api, models
from odoo.tools import SQL


class SalesKpiSourceVisits(models.AbstractModel):
    """Customers contacted as their class asks for. It comes archived: whoever plans contacts takes it out."""

    _name = "sales.kpi.source.visits"
    _inherit = "sales.kpi.source"
    _description = "Contacts as Planned"
    _kpi_sequence = 120

    @api.model
    def _kpi_explanation(self):
        return {
            "counts": self.env._(
                "Contacts made, of those that fell due in the month or were overdue when it began: by visit, call or "
                "online meeting as the customer's contact class says, and reported."
            ),
            "basis": self.env._(
                "The account manager of the customer, whoever made the contact, and the day of the contact. A customer "
                "counts once, with a class of less than a month as often as it falls due."
            ),
            "exclusions": self.env._(
                "Customers without a contact class, visits without a report, and more contacts than were due. What is "
                "still open is not decided before the month is over."
            ),
        }

    @api.model
    def _kpi_reasons(self):
        return {
            "kept": self.env._("Contacted as planned"),
            "partly": self.env._("Contacted less often than planned"),
            "missed": self.env._("Not contacted"),
            "open": self.env._("Not contacted yet"),
        }

    @api.model
    def _kpi_evidence_sql(self, period):
        return SQL(
            """
            SELECT due.user_id, 'res.partner' AS res_model, due.id AS res_id, due.name, due.first_day AS date,
                   due.made::numeric AS numerator,
                   CASE WHEN %(is_running)s THEN due.made ELSE due.wanted END::numeric AS denominator,
                   0::numeric AS overlay,
                   CASE WHEN %(is_running)s THEN due.wanted - due.made ELSE 0 END::numeric AS pending,
                   CASE WHEN due.made = due.wanted THEN 'kept'
                        WHEN %(is_running)s THEN 'open'
                        WHEN due.made > 0 THEN 'partly'
                        ELSE 'missed' END AS reason
              FROM (
                   SELECT customer.id, customer.name, customer.user_id, first.day AS first_day, wanted.number AS wanted,
                          LEAST(wanted.number, CASE WHEN customer.contact_kind = 'visit' THEN contact.visits
                                                    ELSE contact.contacts END) AS made
                     FROM (%(customers)s) customer
                LEFT JOIN (
                          SELECT visited.commercial_partner_id AS partner_id,
                                 COUNT(DISTINCT event.visit_date) AS contacts,
                                 COUNT(DISTINCT event.visit_date) FILTER (WHERE event.visit_kind = 'visit') AS visits
                            FROM calendar_event event
                            JOIN res_partner visited ON visited.id = event.visit_partner_id
                           WHERE event.visit_date >= %(since)s AND event.visit_date < %(until)s
                        GROUP BY visited.commercial_partner_id) made ON made.partner_id = customer.id
               CROSS JOIN LATERAL (
                          SELECT COALESCE(made.contacts, 0) AS contacts, COALESCE(made.visits, 0) AS visits) contact
               CROSS JOIN LATERAL (SELECT GREATEST(customer.date_due, %(since)s::date) AS day) first
               CROSS JOIN LATERAL (
                          SELECT 1 + CASE customer.interval_unit
                                     WHEN 'day' THEN (%(until)s::date - 1 - first.day) / customer.interval_number
                                     WHEN 'week' THEN (%(until)s::date - 1 - first.day)
                                                      / (7 * customer.interval_number)
                                     ELSE 0 END AS number) wanted
                    WHERE customer.plan_company_id = %(company)s AND customer.date_due < %(until)s) due
            """,
            is_running=period.today < period.date_to,
            customers=self.env["sales.contact.due"]._customers_sql(until=period.date_from),
            since=period.date_from,
            until=period.date_to,
            company=period.company.id,
        )

    @api.model
    def _prepare_kpi_values(self, code):
        # Whoever wants it as a KPI takes it out of the archive.
        return {**super()._prepare_kpi_values(code), "active": False}
