from odoo import api, fields, models
from odoo.tools import SQL

from ..rate_card.freight_waybill import COST_GROUPS


class FreightWaybill(models.Model):
    """What was charged for a waybill; what its statement was signed with is priced no more."""

    _inherit = "freight.waybill"

    statement_line_ids = fields.One2many(
        "freight.statement.line", "waybill_id", "Charged", readonly=True, groups=COST_GROUPS
    )

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"statement_line_ids"}

    @api.model
    def _rating_open_sql(self, waybill):
        return SQL(
            """
            %s AND NOT EXISTS (
                SELECT FROM freight_statement_line line
                  JOIN freight_statement statement ON statement.id = line.statement_id
                 WHERE line.waybill_id = %s.id AND line.role = 'original'
                   AND statement.state IN ('waiting', 'signed')
            )
            """,
            super()._rating_open_sql(waybill),
            waybill,
        )
