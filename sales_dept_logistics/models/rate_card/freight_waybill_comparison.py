from odoo import api, models
from odoo.tools import SQL


class FreightWaybill(models.Model):
    """What waybills would cost by another card, beside what they should cost now."""

    _inherit = "freight.waybill"

    @api.model
    def _comparison_sql(self, waybills, card, carrier=None):
        """The expression ``compared`` as the text between ``WITH`` and the query: `zone_id`, `weight`, `old`, `new`.

        In the company's currency. `old` is NULL where one of the two prices lacks.

        :param SQL waybills: a query of ids
        :param SQL card: an id
        :param SQL carrier: the card's, where the waybills went with others
        """
        return SQL(
            """
            %(rating)s, compared AS (
                SELECT waybill.zone_id, waybill.chargeable_weight AS weight,
                       CASE WHEN waybill.rating_state = 'rated' AND priced.state = 'rated'
                            THEN waybill.expected_cost END AS old,
                       %(in_company_currency)s AS new
                  FROM priced
                  JOIN freight_waybill waybill ON waybill.id = priced.waybill_id
             LEFT JOIN (SELECT waybill_id, SUM(amount) AS amount FROM charge GROUP BY waybill_id) total
                       ON total.waybill_id = priced.waybill_id
                  JOIN res_company company ON company.id = priced.company_id
                  JOIN res_currency own ON own.id = company.currency_id
            )
            """,
            rating=self._rating_sql(waybills, card, carrier),
            in_company_currency=self._in_company_currency_sql(),
        )
