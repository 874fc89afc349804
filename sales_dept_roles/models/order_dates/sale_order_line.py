from datetime import time, timedelta

from odoo import api, fields, models

from ..clock.bounds import check_dates

CLOSE_OF_BUSINESS = time(17)


class SaleOrderLine(models.Model):
    """When the customer wants the goods of a line, and when they were promised.

    Odoo has one date for the whole order. The customer's date is asked per line where it differs; the
    promise is the departments' and is set by the review of the order only, by a granted rush request, or by the
    account manager who accepts another date for an exception.
    """

    _inherit = "sale.order.line"

    wanted_date = fields.Date(
        "Wanted On",
        compute="_compute_wanted_date",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="When the customer wants these goods. By default the delivery date of the order.",
    )
    promised_date = fields.Date(
        "Promised For",
        readonly=True,
        copy=False,
        help="The date that production gave in the order review. It is what the delivery is planned for.",
    )

    @api.depends("order_id.commitment_date")
    def _compute_wanted_date(self):
        for line in self:
            wanted = line.order_id.commitment_date
            # Once promised, the order's date is the promise, and no wish any more.
            if wanted and not line.promised_date and not line.display_type:
                line.wanted_date = line._local_company()._local_day(wanted)
            else:
                line.wanted_date = line.wanted_date

    @api.constrains("wanted_date", "promised_date")
    def _check_dates(self):
        check_dates(self, "wanted_date", "promised_date")

    # === CRUD === #

    @api.model
    def _protected_fields(self):
        return super()._protected_fields() | {"promised_date"}

    # === DELIVERY === #

    def _prepare_procurement_values(self):
        values = super()._prepare_procurement_values()
        if self.promised_date and "date_deadline" in values:
            values["date_deadline"] = self._promised_deadline()
            values["date_planned"] = values["date_deadline"] - timedelta(days=self.company_id.security_lead)
        return values

    def _planned_date(self):
        """The local day for which these goods are planned: as promised, else as the whole order is."""
        self.ensure_one()
        if self.promised_date:
            return self.promised_date
        return self._local_company()._local_day(self.order_id.commitment_date or self._expected_date())

    def _is_undelivered(self):
        """Whether goods or work of this line are still to come."""
        self.ensure_one()
        if self.display_type or self.is_downpayment or self.state == "cancel":
            return False
        return self.product_uom_id.compare(self.product_uom_qty, self.qty_delivered) > 0

    def _open_deliveries(self):
        """The moves that still bring the goods of the lines `self` to the customer: the last of each chain."""
        return self.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and not move.move_dest_ids
                and (move.location_final_id or move.location_dest_id).usage == "customer"
            )
        )

    def _promised_deadline(self):
        """The promised date as a moment: close of business in the company, naive UTC."""
        self.ensure_one()
        return self._local_company()._moment_of(self.promised_date, CLOSE_OF_BUSINESS)

    def _local_company(self):
        """The company whose days the dates of this line are."""
        return self.company_id or self.env.company
