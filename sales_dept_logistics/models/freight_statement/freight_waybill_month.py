from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.sales_dept_roles.models.customer_file.closing_day import closing_date_sql

from ..carrier.statement_month import statement_of_month_sql


class FreightWaybillMonth(models.Model):
    """When each carrier closes its month, and how far the statement of that month is: also where there is none yet."""

    _inherit = "freight.waybill.month"
    _depends = {
        "freight.statement": ["company_id", "carrier_id", "date_to", "state", "signed_date", "cancelled_date"],
    }

    closing_date = fields.Date(readonly=True, help="The last day of the carrier's month.")
    statement_state = fields.Selection(
        selection=lambda self: self._selection_statement_state(), string="Freight Statement", readonly=True
    )

    def _selection_statement_state(self):
        states = self.env["freight.statement"]._fields["state"]._description_selection(self.env)
        return [("none", self.env._("None Yet")), *states]

    @property
    def _table_query(self):
        """Of statements in several currencies the one that is signed last counts."""
        return SQL(
            """
            SELECT folder.*, closing.day AS closing_date, COALESCE(statement.state, 'none') AS statement_state
              FROM (%(folders)s) folder
              JOIN delivery_carrier carrier ON carrier.id = folder.carrier_id
        CROSS JOIN LATERAL (SELECT %(closing)s AS day) closing
         LEFT JOIN LATERAL (%(statement)s) statement ON TRUE
            """,
            folders=super()._table_query,
            statement=statement_of_month_sql(
                SQL("folder.company_id"), SQL("folder.carrier_id"), SQL("folder.month"), SQL("carrier.closing_day")
            ),
            closing=closing_date_sql(SQL("COALESCE(carrier.closing_day, 0)"), SQL("folder.month")),
        )
