from odoo import api, fields, models

from ..order_gate.gate import Gate


class SaleOrder(models.Model):
    """An order is confirmed once finance filed what it needs to know of its customer."""

    _inherit = "sale.order"

    customer_file_hold = fields.Char(
        compute="_compute_customer_file_hold",
        groups="base.group_user",
        help="Why the customer's file keeps this order from being confirmed.",
    )

    _customer_file_gate = Gate(
        name="customer_file",
        policy="sales_dept_customer_file",
        states=("sale",),
        required="_customer_file_filter_required",
        missing="_customer_file_lacking",
        messages="_customer_file_messages",
        parties="_order_gate_parties",
        documents="_order_gate_customers",
    )

    @api.depends("partner_id", "partner_invoice_id", "company_id", "state")
    @api.depends_context("lang")
    def _compute_customer_file_hold(self):
        open_orders = self.filtered(lambda order: order.state in ("draft", "sent") and order.partner_id)
        held = open_orders._gate_sentences("customer_file")
        for order in self:
            order.customer_file_hold = held.get(order.id, False)

    def action_open_customer_file(self):
        self.ensure_one()
        return self.partner_id.action_open_customer_file()

    def _customer_file_filter_required(self, _policy=None):
        """Return the orders of `self` whose customers need a file that is filed: all that gates look at."""
        return self._order_gate_subjects().with_env(self.env)

    def _customer_file_lacking(self, required, unarchived):
        """Return those of `required` that are for somebody without a file that is filed, or outside of it.

        :param unarchived: customers without a file that is filed
        """
        return required.filtered(
            lambda order: order.sudo()._order_gate_customers() & unarchived or order.sudo()._customer_file_outsiders()
        )

    def _customer_file_messages(self):
        """Return ``{order id: what is missing, and who can give it}`` (set-based)."""
        messages = {}
        for company, orders in self.sudo().grouped("company_id").items():
            customers = orders._order_gate_customers().with_company(company)
            sentences = customers._approval_lacking()._customer_file_messages()
            for order in orders:
                held = [
                    sentences[customer.id] for customer in order._order_gate_customers() if customer.id in sentences
                ]
                if not held:
                    held = [outsider._customer_file_outsider_message() for outsider in order._customer_file_outsiders()]
                messages[order.id] = " ".join(held)
        return messages

    def _customer_file_outsiders(self):
        """Who buys or is invoiced without standing in the customer's file: it holds the customer's own contacts.

        Else one customer would be served on the file of another by being hung below one of its contacts.
        """
        self.ensure_one()
        return (self.partner_id | self.partner_invoice_id).filtered(
            lambda partner: (
                partner != partner.commercial_partner_id
                and (partner.parent_id != partner.commercial_partner_id or not partner.active)
            )
        )
