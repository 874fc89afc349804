import base64

from odoo.tests import tagged

from .order_bypass import OrderBypassCase, OrderBypassWideCase


class AgreementGate:
    """The gate of the agreement, which the contract of the order opens too."""

    sentence = "no agreement in force"
    gate = "_agreement_gate_messages"

    @classmethod
    def _switch_on(cls):
        cls.company.sales_dept_agreement = True

    def _meet(self, order):
        order.with_user(self.manager1).signed_contract = base64.b64encode(b"%PDF")

    def _miss(self, order):
        order.with_user(self.manager1).signed_contract = False


@tagged("post_install", "-at_install")
class TestAgreementBypass(AgreementGate, OrderBypassCase):
    pass


@tagged("post_install", "-at_install", "-standard", "sales_dept_wide")
class TestAgreementBypassWide(AgreementGate, OrderBypassWideCase):
    pass
