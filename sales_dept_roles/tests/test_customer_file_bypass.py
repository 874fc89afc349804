import itertools

from odoo.tests import tagged

from .order_bypass import OrderBypassCase, OrderBypassWideCase


class CustomerFileGate:
    """The gate of the customer file."""

    sentence = "The file of customer|Customer File"
    gate = "_customer_file_messages"
    # Of one name, they would be taken for the same customer.
    numbers = itertools.count(1)

    @classmethod
    def _switch_on(cls):
        cls.company.sales_dept_customer_file = True
        cls.company.sales_dept_customer_file_item_ids = False

    @classmethod
    def _create_gated(cls, **vals):
        # Each order its own customer: a file serves all orders of one.
        customer = cls.env["res.partner"].create({"name": f"Gated {next(cls.numbers)}", "is_company": True})
        return super()._create_gated(partner_id=customer.id, **vals)

    def _meet(self, order):
        customer = order.partner_id.sudo(False)
        customer.with_user(self.manager1).action_approval_submit()
        customer.with_user(self.finance).action_approval_approve()

    def _miss(self, order):
        order.partner_id.sudo().vat = "XX-999"


@tagged("post_install", "-at_install")
class TestCustomerFileBypass(CustomerFileGate, OrderBypassCase):
    pass


@tagged("post_install", "-at_install", "-standard", "sales_dept_wide")
class TestCustomerFileBypassWide(CustomerFileGate, OrderBypassWideCase):
    pass
