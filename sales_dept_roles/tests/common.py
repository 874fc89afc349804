from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class SalesDeptCommon(TransactionCase):
    """A company with a person for each role, a customer with a portal login, and a product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False, "no_reset_password": True})
        cls.company = cls.env.company
        cls.company.sales_dept_quote_signoff = "all"
        cls.gm = cls._create_role_user("gm_test", "group_general_manager")
        cls.gm2 = cls._create_role_user("gm2_test", "group_general_manager")
        cls.director = cls._create_role_user("director_test", "group_director")
        cls.manager1 = cls._create_role_user("manager1_test", "group_account_manager")
        cls.manager2 = cls._create_role_user("manager2_test", "group_account_manager")
        cls.assistant = cls._create_role_user("assistant_test", "group_assistant")
        cls.finance = cls._create_role_user("finance_test", "group_finance_verifier")
        cls.engineering = cls._create_role_user("engineering_test", "group_review_engineering")
        cls.outsider = new_test_user(cls.env, "outsider_test", "base.group_user", email="outsider@example.com")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Test Customer Ltd", "email": "buyer@customer.example", "is_company": True}
        )
        cls.portal_user = new_test_user(cls.env, "portal_test", "base.group_portal", email="portal@customer.example")
        cls.portal_user.partner_id.parent_id = cls.customer
        cls.product = cls.env["product.product"].create(
            {"name": "Precision Shaft", "list_price": 100.0, "type": "service", "taxes_id": False}
        )
        cls.flow = cls.env.ref("sales_dept_roles.approval_flow_quotation")

    @classmethod
    def _create_role_user(cls, login, *groups):
        return new_test_user(
            cls.env,
            login,
            ",".join(["base.group_user", *(f"sales_dept_roles.{group}" for group in groups)]),
            email=f"{login}@company.example",
        )

    @classmethod
    def _create_quotation(cls, user=None, **vals):
        return (
            cls.env["sale.order"]
            .with_user(user or cls.manager1)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "order_line": [
                        Command.create({"product_id": cls.product.id, "product_uom_qty": 2, "price_unit": 100.0})
                    ],
                    **vals,
                }
            )
        )

    @contextmanager
    def assertRefused(self, sentence, exception=UserError):
        """The block is refused with `sentence` (a regular expression) and leaves nothing behind."""
        # Odoo's assertRaises rolls back to a savepoint; assertRaisesRegex does not.
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), sentence)

    @classmethod
    def _sign(cls, order):
        """Submit `order` as its account manager and sign it as general manager."""
        order.with_user(cls.manager1).action_approval_submit()
        order.with_user(cls.gm).action_approval_approve()
        return order
