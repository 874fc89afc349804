from datetime import time

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang


class FreightStatement(models.Model):
    """Credits that the carrier owes: which of them this statement has, and which goods came damaged or not at all."""

    _inherit = "freight.statement"

    credit_ids = fields.Many2many("freight.credit", compute="_compute_credit_ids", string="Credits Due")
    credit_count = fields.Integer("Number of Credits Due", compute="_compute_credit_ids")

    def _compute_credit_ids(self):
        for statement in self:
            statement.credit_ids = self.env["freight.credit"].search(statement._credits_due_domain())
            statement.credit_count = len(statement.credit_ids)

    def _credits_due_domain(self):
        """The credits that are claimed or promised, and on no statement yet."""
        self.ensure_one()
        return (
            Domain("company_id", "=", self.company_id.id)
            & Domain("carrier_id", "=", self.carrier_id.id)
            & Domain("state", "in", ("claimed", "promised"))
        )

    def _find_credits(self):
        """Tick off the credits that stand on this statement: one waybill, one amount, one line."""
        self.ensure_one()
        Credit = self.env["freight.credit"].sudo()
        self._release_credits()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT credit_id, line_id FROM (
                    SELECT credit.id AS credit_id, line.id AS line_id,
                           row_number() OVER (PARTITION BY credit.id ORDER BY line.id) AS line_place,
                           row_number() OVER (PARTITION BY line.id ORDER BY credit.id) AS credit_place
                      FROM freight_credit credit
                      JOIN freight_match line
                        ON line.waybill_id = credit.waybill_id AND line.amount = -credit.amount
                       AND line.currency_id = credit.currency_id AND line.role = 'adjustment'
                     WHERE credit.carrier_id = %s AND credit.company_id = %s
                       AND credit.state IN ('claimed', 'promised')
                ) pair
                 WHERE line_place = credit_place AND line_place = 1
                """,
                self.carrier_id.id,
                self.company_id.id,
            )
        )
        for credit_id, line_id in rows:
            Credit.browse(credit_id)._write_protected({"received_line_id": line_id})
        self.env.flush_all()

    def _release_credits(self):
        """Look for the credits that this statement had once more."""
        found = self.env["freight.credit"].sudo().search(Domain("received_line_id.statement_id", "=", self.id))
        found._write_protected({"received_line_id": False})
        self.env.flush_all()

    def _release(self):
        self._release_credits()
        return super()._release()

    # === CLAIMS === #

    def action_claim_damage(self):
        """Note a claim for what this carrier damaged or lost of the deliveries signed for in the period."""
        self.check_access("write")
        for statement in self:
            lines = statement._damaged_lines()
            lines -= self.env["freight.credit"].sudo().search(Domain("notice_line_id", "in", lines.ids)).notice_line_id
            # As superuser, since which goods it is for is not set by hand.
            claims = [statement._prepare_claim_values(line) for line in lines]
            self.env["freight.credit"].sudo().create([values for values in claims if values["amount"] > 0])
        return self.action_open_credits()

    def action_open_credits(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("sales_dept_logistics.action_freight_credits")
        return {
            **action,
            "domain": [("carrier_id", "=", self.carrier_id.id), ("company_id", "=", self.company_id.id)],
            "context": {"default_carrier_id": self.carrier_id.id, "search_default_due": 1},
        }

    def _damaged_lines(self):
        """The lines of delivery notices of the period with goods that came damaged or not at all."""
        self.ensure_one()
        # Who reconciles freight reads what was signed for, also of orders that are not theirs.
        lines = (
            self.env["sale.delivery.notice.line"]
            .sudo()
            .search(
                Domain("company_id", "=", self.company_id.id)
                & Domain("notice_id.state", "=", "signed")
                & Domain("notice_id.sign_date", ">=", self.company_id._moment_of(self.date_from, time.min))
                & Domain("notice_id.sign_date", "<=", self.company_id._moment_of(self.date_to, time.max))
                & (Domain("qty_damaged", ">", 0) | Domain("qty_lost", ">", 0))
            )
        )
        return lines.filtered(lambda line: self._waybill_of(line))

    def _waybill_of(self, notice_line):
        """The waybill of this carrier under which the goods of `notice_line` left."""
        waybills = notice_line.shipment_ids.move_id.picking_id.waybill_ids
        return waybills.filtered(lambda waybill: waybill.carrier_id == self.carrier_id)[:1]

    def _prepare_claim_values(self, notice_line):
        """A claim at the price at which the goods were sold; whoever claims may write another."""
        quantity = notice_line.qty_damaged + notice_line.qty_lost
        sale_line = notice_line.sale_line_id
        price = sale_line.currency_id._convert(
            sale_line.price_reduce_taxexcl,
            self.currency_id,
            self.company_id,
            self.company_id._local_day(notice_line.notice_id.sign_date),
        )
        return {
            "company_id": self.company_id.id,
            "carrier_id": self.carrier_id.id,
            "waybill_id": self._waybill_of(notice_line).id,
            "kind_id": self.env.ref("sales_dept_logistics.charge_other").id,
            "currency_id": self.currency_id.id,
            "amount": self.currency_id.round(quantity * price),
            "notice_line_id": notice_line.id,
            "reason": self.env._(
                "%(notice)s: %(quantity)s × %(product)s damaged or lost",
                notice=notice_line.notice_id.name,
                quantity=formatLang(self.env, quantity, dp="Product Unit"),
                product=notice_line.product_id.display_name,
            ),
        }
