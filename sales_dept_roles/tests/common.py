from contextlib import contextmanager

from lxml import html

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase


class SalesDeptCommon(TransactionCase):
    """A company with a person for each role, a customer with a portal login, and a product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": False, "no_reset_password": True})
        cls.company = cls.env.company
        cls.company.sales_dept_quote_signoff = "all"
        (
            cls.gm,
            cls.gm2,
            cls.director,
            cls.manager1,
            cls.manager2,
            cls.assistant,
            cls.finance,
            cls.engineering,
            cls.outsider,
            cls.portal_user,
        ) = cls._create_users(
            cls._prepare_role_user("gm_test", "group_general_manager"),
            cls._prepare_role_user("gm2_test", "group_general_manager"),
            cls._prepare_role_user("director_test", "group_director"),
            cls._prepare_role_user("manager1_test", "group_account_manager"),
            cls._prepare_role_user("manager2_test", "group_account_manager"),
            cls._prepare_role_user("assistant_test", "group_assistant"),
            cls._prepare_role_user("finance_test", "group_finance_verifier"),
            cls._prepare_role_user("engineering_test", "group_review_engineering"),
            cls._prepare_user("outsider_test", "base.group_user", email="outsider@example.com"),
            cls._prepare_user("portal_test", "base.group_portal", email="portal@customer.example"),
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Test Customer Ltd", "email": "buyer@customer.example", "is_company": True}
        )
        cls.portal_user.partner_id.parent_id = cls.customer
        cls.product = cls.env["product.product"].create(
            {"name": "Precision Shaft", "list_price": 100.0, "type": "service", "taxes_id": False}
        )
        cls.flow = cls.env.ref("sales_dept_roles.approval_flow_quotation")

    @classmethod
    def _create_users(cls, *values):
        """Make users all at once: one by one they take four times as long."""
        return cls.env["res.users"].create(values)

    @classmethod
    def _create_role_user(cls, login, *groups):
        return cls._create_users(cls._prepare_role_user(login, *groups))

    @classmethod
    def _prepare_role_user(cls, login, *groups):
        return cls._prepare_user(login, "base.group_user", *(f"sales_dept_roles.{group}" for group in groups))

    @classmethod
    def _prepare_user(cls, login, *groups, **values):
        """The values of a user as Odoo's `new_test_user` makes one: the password is the login, eight letters long."""
        return {
            "login": login,
            "password": login.ljust(8, "x"),
            "name": f"{login} ({','.join(groups)})",
            "email": f"{login}@company.example",
            "group_ids": [Command.set([cls.env.ref(group).id for group in groups])],
            **values,
        }

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

    def assertDialogSays(self, document, user, *labels):
        """The dialog in which `user` signs `document` holds each fact of its glance, those called `labels` among them.

        :return: what stands in the dialog
        """
        approval = document.sudo()._approval_in_force().with_user(user)
        facts = approval._glances()[approval]
        self.assertLessEqual(set(labels), {fact.label for fact in facts})
        context = approval.action_sign()["context"]
        dialog = Form(self.env["sales.approval.decide"].with_user(user).with_context(**context))
        # With a space between any two elements.
        shown = " ".join(" ".join(html.fromstring(str(dialog.glance)).itertext()).split())
        for fact in facts:
            for text in (fact.label, fact.before, fact.text):
                self.assertIn(" ".join(text.split()), shown)
        return shown
